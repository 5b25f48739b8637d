using System.Collections.ObjectModel;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>The cases of one test, which are disposed of together.</summary>
internal sealed class CaseList : Collection<UserCase>, IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (UserCase made in this)
        {
            await made.DisposeAsync();
        }
    }
}
