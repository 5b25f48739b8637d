namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>Command sent by one of several connections. <c>{0}</c>, <c>{1}</c> and <c>{2}</c> stand for keys.</summary>
internal sealed record Step(int Connection, IReadOnlyList<string> Command)
{
    public string Name => Command[0];

    public override string ToString() =>
        $"C{Connection}: {string.Join(' ', Command.Select(Quote))}";

    private static string Quote(string part) => part.Any(static c => c is < '!' or > '~') || part.Length == 0 ? $"\"{Uri.EscapeDataString(part)}\"" : part;
}
