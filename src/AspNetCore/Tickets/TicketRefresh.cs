namespace OrleansSessions.AspNetCore;

/// <summary>Request feature while a ticket's lifetime is extended: the ticket stays as it is if another request has replaced it meanwhile.</summary>
internal sealed class TicketRefresh;
