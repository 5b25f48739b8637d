namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>When a silo is killed, relative to one of its writes.</summary>
public enum KillMoment
{
    /// <summary>Before Redis gets the write, and after it has executed all earlier ones.</summary>
    BeforeTheWrite,

    /// <summary>After Redis has executed the write, and before the silo gets the reply.</summary>
    BeforeTheReply,
}
