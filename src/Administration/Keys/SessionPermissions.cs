namespace OrleansSessions.Administration;

/// <summary>Permissions of administrators. Each is the name of a claim's value, and of the authorization policy that requires it.</summary>
public static class SessionPermissions
{
    /// <summary>The type of the claims.</summary>
    public const string ClaimType = "orleans-sessions:permission";

    /// <summary>May list and describe sessions, and read counts and the audit trail. Not the values of entries.</summary>
    public const string Read = "orleans-sessions:read";

    /// <summary>May end sessions.</summary>
    public const string End = "orleans-sessions:end";

    /// <summary>May read the values of entries.</summary>
    public const string Values = "orleans-sessions:values";

    /// <summary>May act as a user, in applications that offer it. No route of the administration does.</summary>
    public const string Act = "orleans-sessions:act";
}
