namespace OrleansSessions.Bench.App.Sessions;

/// <summary>Counter in the session.</summary>
internal interface ICounter
{
    /// <summary>Adds one.</summary>
    /// <returns>The sum.</returns>
    ValueTask<long> AddAsync(HttpContext context);

    /// <summary>Adds one, and rewrites one of the four entries.</summary>
    /// <returns>The sum.</returns>
    ValueTask<long> VisitAsync(HttpContext context);
}
