using System.Globalization;
using System.Threading.Channels;
using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Status;
using Spectre.Console;

namespace OrleansSessions.LocalCluster.Display;

/// <summary>Live table of the members at the bottom of the terminal; messages scroll above it.</summary>
internal sealed class LiveDisplay : IClusterDisplay
{
    private readonly Channel<Action<LiveDisplayContext>> _updates = Channel.CreateUnbounded<Action<LiveDisplayContext>>(new() { SingleReader = true });
    private readonly IAnsiConsole _console;
    private readonly Task _drawing;

    public LiveDisplay(IAnsiConsole console)
    {
        _console = console;
        _drawing = Task.Run(DrawAsync);
    }

    public void Show(ClusterView view) => _updates.Writer.TryWrite(context => context.UpdateTarget(Draw(view)));

    public void Say(string message) => _updates.Writer.TryWrite(_ => Write(message, Style.Plain));

    public void Warn(string message) => _updates.Writer.TryWrite(_ => Write(message, new Style(Color.Yellow)));

    public async ValueTask DisposeAsync()
    {
        _updates.Writer.TryComplete();
        await _drawing;
    }

    // Only one reader draws: the console is not thread-safe.
    private Task DrawAsync() =>
        _console.Live(Text.Empty).Overflow(VerticalOverflow.Crop).StartAsync(async context =>
        {
            await foreach (Action<LiveDisplayContext> update in _updates.Reader.ReadAllAsync())
            {
                update(context);
                context.Refresh();
            }
        });

    // Write the message over the table, which is then redrawn below. Padding to full width erases the old table.
    private void Write(string message, Style style)
    {
        int width = Math.Max(1, _console.Profile.Width - 1);
        foreach (string line in message.Split(Environment.NewLine))
        {
            for (int start = 0; start == 0 || start < line.Length; start += width)
            {
                _console.WriteLine(line.Substring(start, Math.Min(width, line.Length - start)).PadRight(width), style);
            }
        }
    }

    private static Rows Draw(ClusterView view)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("name", "pid", "address", "state");
        table.AddRow(
            new Text("store"), Number(Environment.ProcessId, view.Store.IsEmbedded), new Text(view.Store.Address), new Text(view.Store.Description));
        foreach (MemberStatus member in view.Members)
        {
            table.AddRow(
                new Text(member.Name),
                Number(member.ProcessId ?? 0, member.ProcessId is not null),
                new Text(MemberText.Address(member.Definition)),
                new Text(MemberText.State(member), new Style(ColorOf(member.State))));
        }

        string url = view.Url.GetLeftPart(UriPartial.Authority);
        string resp = view.Resp is null ? "" : $"  resp {view.Resp}";
        return new Rows(
            Markup.FromInterpolated(view.Open ? $"[bold green]{url}{resp}[/]  Ctrl-C stops" : (FormattableString)$"[dim]{url}{resp}[/]"),
            table);
    }

    private static Text Number(int number, bool shown) => new(shown ? number.ToString(CultureInfo.InvariantCulture) : "");

    private static Color ColorOf(MemberState state) => state switch
    {
        MemberState.Ready => Color.Green,
        MemberState.Stopped => Color.Default,
        MemberState.Ended => Color.Red,
        _ => Color.Yellow,
    };
}
