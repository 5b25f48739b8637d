namespace OrleansSessions.WebFrontend.Errors;

/// <summary>
/// Problem writer for browsers that writes nothing, so that the response without a body gets the error page. Browsers accept everything, including JSON, so the
/// default writer would otherwise respond to them.
/// </summary>
internal sealed class BrowserProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => !ErrorResponseExtensions.IsApi(context.HttpContext);

    public ValueTask WriteAsync(ProblemDetailsContext context) => ValueTask.CompletedTask;
}
