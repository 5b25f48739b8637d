using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>A session as one client uses it: the client's own connection and cookies, and the session's ledger.</summary>
internal sealed record LoadTarget(Browser Browser, SessionLedger Ledger);
