namespace OrleansSessions.LocalCluster.Demo;

/// <summary>Result of one request of a visitor.</summary>
/// <param name="Answered">Whether it was answered with success.</param>
/// <param name="Lost">How many acknowledged changes its answer lacks.</param>
internal readonly record struct VisitorOutcome(bool Answered, long Lost);
