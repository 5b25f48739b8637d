using System.Net;
using System.Text.Json;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Response of a frontend, or the reason why there was none.</summary>
internal sealed record HttpAnswer
{
    public HttpStatusCode? Status { get; init; }

    public string Body { get; init; } = "";

    /// <summary>The session cookie set by the response, as name=value; null: none.</summary>
    public string? Cookie { get; init; }

    public string? Error { get; init; }

    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>The frontend's reason for a failure.</summary>
    public string Detail
    {
        get
        {
            if (!Body.StartsWith('{'))
            {
                return "";
            }

            using JsonDocument problem = JsonDocument.Parse(Body);
            return problem.RootElement.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() ?? "" : "";
        }
    }

    public string Failure => Error ?? $"{(int?)Status}";
}
