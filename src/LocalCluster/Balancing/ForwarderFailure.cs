using Yarp.ReverseProxy.Forwarder;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Tells apart why a request could not be forwarded.</summary>
internal static class ForwarderFailure
{
    /// <summary>The frontend could not be connected to, so it has seen nothing of the request.</summary>
    public static bool IsRefusedConnection(IForwarderErrorFeature? failure) =>
        failure is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } };

    /// <summary>The frontend could not be connected to, or the connection broke before it answered.</summary>
    public static bool IsLostConnection(IForwarderErrorFeature? failure) =>
        failure is { Error: ForwarderError.Request, Exception: HttpRequestException or IOException };
}
