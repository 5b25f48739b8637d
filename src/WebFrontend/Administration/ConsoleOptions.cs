namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Options of the administrators' sign-in to the console. Bound from <c>Console</c>.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Console";

    /// <summary>A sign-in ends after this long without use. An open console counts as use. Default: half an hour.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A sign-in ends this long after its beginning, used or not. Default: eight hours.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromHours(8);
}
