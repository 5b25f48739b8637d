namespace OrleansSessions.LocalCluster.Members;

internal sealed class HttpReadinessProbe : IReadinessProbe, IDisposable
{
    public const string Path = "/healthz/ready";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    public async Task<MemberHealth> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(url, Path), cancellationToken);
            return response.IsSuccessStatusCode ? MemberHealth.Ready : MemberHealth.Answering;
        }
        catch (HttpRequestException)
        {
            return MemberHealth.Silent;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return MemberHealth.Silent;
        }
    }

    public void Dispose() => _client.Dispose();
}
