using System.Buffers.Text;
using System.Text;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Secret to search for in bytes, in all its possible forms: the text itself and, for a token, the decoded bytes.</summary>
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
