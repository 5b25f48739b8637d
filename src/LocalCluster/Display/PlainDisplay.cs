using System.Globalization;
using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Status;

namespace OrleansSessions.LocalCluster.Display;

/// <summary>Plain-text display with one line per event, for pipes, files and dumb terminals.</summary>
internal sealed class PlainDisplay(TextWriter output, TextWriter errors) : IClusterDisplay
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemberStatus> _shown = [];

    public void Show(ClusterView view)
    {
        lock (_lock)
        {
            foreach (MemberStatus member in view.Members)
            {
                if (!_shown.TryGetValue(member.Name, out var shown) || shown != member)
                {
                    _shown[member.Name] = member;
                    ShowMember(member);
                }
            }
        }
    }

    public void Say(string message)
    {
        lock (_lock)
        {
            output.WriteLine(message);
        }
    }

    public void Warn(string message)
    {
        lock (_lock)
        {
            errors.WriteLine(message);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ShowMember(MemberStatus member)
    {
        // Skip members that have never had a process.
        if (member is { ProcessId: null, ExitCode: null })
        {
            return;
        }

        var process = member.ProcessId is { } id ? string.Create(CultureInfo.InvariantCulture, $" (pid {id}, {MemberText.Address(member.Definition)})") : "";
        output.WriteLine($"{member.Name}: {MemberText.State(member)}{process}");
    }
}
