using System.Text;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>
/// Network cuts between members. Each is a rule at the receiver, so that a one-way cut drops one direction only. Thread-safe: a mix cuts and heals concurrently.
/// </summary>
internal sealed class Cuts
{
    private readonly Lock _lock = new();
    private readonly List<(Member From, Member To, CutMode Mode)> _cuts = [];

    /// <summary>Cuts both directions.</summary>
    public void Between(Member one, Member other, CutMode mode = CutMode.Drop)
    {
        OneWay(one, other, mode);
        OneWay(other, one, mode);
    }

    /// <summary>Drops packets in one direction.</summary>
    public void OneWay(Member from, Member to, CutMode mode = CutMode.Drop)
    {
        lock (_lock)
        {
            _cuts.Add((from, to, mode));
            Apply(to);
        }
    }

    /// <summary>Ends all cuts.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            Member[] cut = [.. _cuts.Select(cut => cut.To).Distinct()];
            _cuts.Clear();
            Array.ForEach(cut, Apply);
        }
    }

    private void Apply(Member receiver)
    {
        StringBuilder rules = new("chain input { type filter hook input priority 0; policy accept;\n");
        if (_cuts.Any(cut => cut.Mode == CutMode.Reject))
        {
            // Let the other end's resets through; otherwise a reject would act like a drop.
            rules.AppendLine("tcp flags & rst == rst accept;");
        }

        foreach ((Member from, _, CutMode mode) in _cuts.Where(cut => cut.To == receiver))
        {
            rules.AppendLine($"ip saddr {from.Address} {(mode == CutMode.Drop ? "drop" : "meta l4proto tcp reject with tcp reset")};");
        }

        receiver.Network.Apply("inet cuts", rules.Append('}').ToString());
    }
}
