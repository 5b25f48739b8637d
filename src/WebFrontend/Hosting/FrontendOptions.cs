namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Options that distinguish this frontend from the others. Bound from <c>Frontend</c>.</summary>
internal sealed class FrontendOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Frontend";

    /// <summary>The name in <c>X-Served-By</c> and on the pages: printable ASCII. Default: the machine's name.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Whether this process hosts a silo instead of being a client of the cluster. Default: false.</summary>
    public bool CoHost { get; set; }

    /// <summary>
    /// Networks (<c>10.0.0.0/8</c>) of the balancers whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are trusted, in addition to the loopback address.
    /// Default: none.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];
}
