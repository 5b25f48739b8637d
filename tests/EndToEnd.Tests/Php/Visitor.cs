namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Visitor who increments their own entry, in their own session or a shared one, and knows its expected value.</summary>
internal sealed class Visitor(PhpBrowser browser, string name)
{
    private int _acknowledged;
    private int _attempts;

    public int Requests { get; private set; }

    /// <summary>When requests failed.</summary>
    public List<DateTimeOffset> Failures { get; } = [];

    public List<string> Violations { get; } = [];

    public async Task RunAsync(Task stop)
    {
        while (!stop.IsCompleted)
        {
            int value = ++_attempts;
            PhpAnswer? answer = await browser.TryAskForAnswerAsync("set", $"&name={name}&value={value}");
            Requests++;
            if (answer is null)
            {
                Failures.Add(DateTimeOffset.UtcNow);
                continue;
            }

            _acknowledged = value;
            Check(await browser.TryAskForAnswerAsync("read"));
        }
    }

    /// <summary>Checks that the last acknowledged value, or a later attempted one, is present.</summary>
    public async Task CheckAsync() => Check(await browser.ReadAsync());

    private void Check(PhpAnswer? answer)
    {
        if (answer is null)
        {
            Failures.Add(DateTimeOffset.UtcNow);
        }
        else if (!answer.Entries.TryGetValue(name, out var entry) || int.Parse(entry.GetString()!) is int value && (value < _acknowledged || value > _attempts))
        {
            Violations.Add($"{name} in {answer.Id} is {answer[name] ?? "gone"}, and {_acknowledged} was acknowledged.");
        }
    }
}
