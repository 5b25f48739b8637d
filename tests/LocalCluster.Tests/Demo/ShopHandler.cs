using System.Net;
using System.Net.Http.Json;

namespace OrleansSessions.LocalCluster.Tests.Demo;

/// <summary>A shop with one visitor's session, and scripted faults.</summary>
internal sealed class ShopHandler : HttpMessageHandler
{
    private readonly Dictionary<string, long> _entries = [];
    private int _requests;
    private int _failEvery = int.MaxValue;
    private bool _isStoredAllTheSame;

    public long Items => _entries.Values.Sum();

    public int Bought { get; private set; }

    public void Forget() => _entries[_entries.First(static entry => entry.Value > 0).Key]--;

    public void Repeat() => _entries[_entries.First(static entry => entry.Value > 0).Key]++;

    /// <summary>Does not answer every n-th request, which is executed or not.</summary>
    public void FailEvery(int requests, bool isStored) => (_failEvery, _isStoredAllTheSame) = (requests, isStored);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool fails = ++_requests % _failEvery == 0;
        HttpResponseMessage response = !fails || _isStoredAllTheSame ? Answer(request) : new(HttpStatusCode.ServiceUnavailable);
        if (!fails)
        {
            return Task.FromResult(response);
        }

        response.Dispose();
        throw new HttpRequestException("No answer.");
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        if (request.Method == HttpMethod.Delete)
        {
            _entries.Clear();
            Bought++;
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        if (request.Method == HttpMethod.Get)
        {
            return new HttpResponseMessage
            {
                Content = JsonContent.Create(new
                {
                    frontend = "frontend-1",
                    silo = "silo-1",
                    entries = _entries.ToDictionary(static entry => entry.Key, static entry => $"{entry.Value}"),
                }),
            };
        }

        string name = request.RequestUri!.Segments[^2].TrimEnd('/');
        _entries[name] = _entries.GetValueOrDefault(name) + 1;
        return new HttpResponseMessage { Content = JsonContent.Create(new { value = _entries[name] }) };
    }
}
