using System.Text;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>The cuts between members. Each is a rule of the receiver, so that a one-way cut loses the packets of one direction only.</summary>
internal sealed class Cuts
{
    private readonly List<(Member From, Member To, CutMode Mode)> _cuts = [];

    /// <summary>Cuts both directions.</summary>
    public void Between(Member one, Member other, CutMode mode = CutMode.Drop)
    {
        OneWay(one, other, mode);
        OneWay(other, one, mode);
    }

    /// <summary>Loses the packets of one direction.</summary>
    public void OneWay(Member from, Member to, CutMode mode = CutMode.Drop)
    {
        _cuts.Add((from, to, mode));
        Apply(to);
    }

    /// <summary>Ends all cuts.</summary>
    public void Heal()
    {
        Member[] cut = [.. _cuts.Select(cut => cut.To).Distinct()];
        _cuts.Clear();
        Array.ForEach(cut, Apply);
    }

    private void Apply(Member receiver)
    {
        StringBuilder rules = new("chain input { type filter hook input priority 0; policy accept;\n");
        if (_cuts.Any(cut => cut.Mode == CutMode.Reject))
        {
            // The other end's refusals get through, or it would be a cut that drops.
            rules.AppendLine("tcp flags & rst == rst accept;");
        }

        foreach ((Member from, _, CutMode mode) in _cuts.Where(cut => cut.To == receiver))
        {
            rules.AppendLine($"ip saddr {from.Address} {(mode == CutMode.Drop ? "drop" : "meta l4proto tcp reject with tcp reset")};");
        }

        receiver.Network.Apply("inet cuts", rules.Append('}').ToString());
    }
}
