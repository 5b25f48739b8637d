namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>The three ways to configure PHP's session store.</summary>
public enum PhpWay
{
    /// <summary>Lines in php.ini.</summary>
    PhpIni,

    /// <summary>The sample's ini_set lines, before the script.</summary>
    IniSet,

    /// <summary>The sample's handler class, set before the script.</summary>
    HandlerClass,
}
