using System.Net;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>A frontend's answer, or why there was none.</summary>
internal sealed record HttpAnswer
{
    public HttpStatusCode? Status { get; init; }

    public string Body { get; init; } = "";

    /// <summary>The session cookie that the answer sets, as name=value; null: none.</summary>
    public string? Cookie { get; init; }

    public string? Error { get; init; }

    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    public string Failure => Error ?? $"{(int?)Status}";
}
