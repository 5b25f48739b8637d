using System.Buffers.Text;
using System.Text;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>A text that is searched for in bytes, in the forms it may have got there: as it is, and a token also as the bytes it encodes.</summary>
internal sealed class SecretText
{
    private readonly byte[][] _forms;

    public SecretText(string text)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] wide = Encoding.Unicode.GetBytes(text);
        _forms = Base64Url.IsValid(text) && text.Length > 16 ? [plain, wide, Base64Url.DecodeFromChars(text)] : [plain, wide];
    }

    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] form in _forms)
        {
            if (bytes.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public bool IsIn(string text) => IsIn(Encoding.UTF8.GetBytes(text));
}
