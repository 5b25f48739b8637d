namespace OrleansSessions.WebFrontend.Errors;

/// <summary>
/// Takes the problem details that are meant for a browser and writes nothing: a response without a body gets the error page. Browsers accept
/// everything, JSON too, so the default writer would answer them.
/// </summary>
internal sealed class BrowserProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => !ErrorResponseExtensions.IsApi(context.HttpContext);

    public ValueTask WriteAsync(ProblemDetailsContext context) => ValueTask.CompletedTask;
}
