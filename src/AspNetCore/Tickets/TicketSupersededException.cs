namespace OrleansSessions.AspNetCore;

/// <summary>End or replacement of a ticket by another request, so that this one's response must set no cookie.</summary>
internal sealed class TicketSupersededException() : Exception("The ticket was signed out or replaced while the request ran.")
{
    public static void ThrowIf(bool isSuperseded)
    {
        if (isSuperseded)
        {
            throw new TicketSupersededException();
        }
    }
}
