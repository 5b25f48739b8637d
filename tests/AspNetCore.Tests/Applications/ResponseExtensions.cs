using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Helpers for responses.</summary>
internal static class ResponseExtensions
{
    /// <summary>The cookies that a response sets or deletes.</summary>
    public static IReadOnlyList<SetCookieHeaderValue> SetCookies(this HttpResponseMessage response) =>
        response.Headers.TryGetValues(HeaderNames.SetCookie, out IEnumerable<string>? values) ? [.. values.Select(value => SetCookieHeaderValue.Parse(value))] : [];

    public static async Task<string> TextAsync(this HttpResponseMessage response) => await response.Content.ReadAsStringAsync();

    public static async Task<ProblemDetails> ProblemAsync(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<ProblemDetails>() ?? throw new InvalidDataException("The problem details are null.");
}
