using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Log message with everything that a log sink could write.</summary>
internal sealed record LogRecord(string Category, LogLevel Level, string Text);
