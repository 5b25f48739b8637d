namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>A reply: a line with its type, or <c>$</c> and a value, or <c>*</c> and others.</summary>
internal sealed record RespAnswer(string Text, IReadOnlyList<RespAnswer>? Items)
{
    public override string ToString() => Items is null ? Text : $"[{string.Join(", ", Items)}]";
}
