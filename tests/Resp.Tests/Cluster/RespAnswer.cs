namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Reply: a line with its type, or <c>$</c> and a value, or <c>*</c> and further replies.</summary>
internal sealed record RespAnswer(string Text, IReadOnlyList<RespAnswer>? Items)
{
    public override string ToString() => Items is null ? Text : $"[{string.Join(", ", Items)}]";
}
