using System.Text;

namespace OrleansSessions.Resp.Protocol;

/// <summary>Command as sent by a client. It owns its bytes.</summary>
internal sealed class RespCommand
{
    /// <summary>Creates a command from its strings: the name, then the arguments.</summary>
    public RespCommand(ReadOnlyMemory<byte>[] strings)
    {
        RawName = strings[0];
        Name = Encoding.Latin1.GetString(RawName.Span).ToUpperInvariant();
        Arguments = strings.AsMemory(1);
    }

    /// <summary>The name in upper case. A name that is not ASCII matches no command.</summary>
    public string Name { get; }

    /// <summary>The name as sent.</summary>
    public ReadOnlyMemory<byte> RawName { get; }

    /// <summary>The strings after the name.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Arguments { get; }

    /// <summary>The number of arguments after the name.</summary>
    public int Count => Arguments.Length;

    /// <summary>An argument's bytes; the first after the name is 0.</summary>
    public ReadOnlyMemory<byte> this[int index] => Arguments.Span[index];

    /// <summary>Returns an argument in upper case, to compare with an option's name.</summary>
    public string Keyword(int index) => Encoding.Latin1.GetString(this[index].Span).ToUpperInvariant();

    /// <summary>Returns an argument as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index].Span);

    /// <summary>Returns an argument with one character per byte, for error texts.</summary>
    public string Latin1(int index) => Encoding.Latin1.GetString(this[index].Span);
}
