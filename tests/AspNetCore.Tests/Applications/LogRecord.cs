using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>One log message with all that a log sink could write of it.</summary>
internal sealed record LogRecord(string Category, LogLevel Level, string Text);
