namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>Command on one key, with its answer and the times of both.</summary>
internal sealed record Operation(IReadOnlyList<string> Command, string Answer, long Sent, long Answered)
{
    public override string ToString() => $"{Sent}-{Answered} {string.Join(' ', Command)} -> {Answer}";
}
