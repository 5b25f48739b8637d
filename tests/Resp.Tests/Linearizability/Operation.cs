namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>A command on one key, when it was sent, when it was answered, and the answer.</summary>
internal sealed record Operation(IReadOnlyList<string> Command, string Answer, long Sent, long Answered)
{
    public override string ToString() => $"{Sent}-{Answered} {string.Join(' ', Command)} -> {Answer}";
}
