using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Session as used by one client: its own connection and cookies, and the session's ledger.</summary>
internal sealed record LoadTarget(Browser Browser, SessionLedger Ledger);
