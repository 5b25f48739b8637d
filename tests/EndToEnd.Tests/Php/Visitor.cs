namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Somebody who counts up an entry of their own, request by request, in a session of their own or a shared one, and knows what it must be.</summary>
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

    /// <summary>Looks whether the last value that was acknowledged is there, or a later one that was tried.</summary>
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
