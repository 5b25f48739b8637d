using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Tells apart why a request could not be forwarded.</summary>
internal static class ForwarderFailure
{
    /// <summary>The frontend could not be connected to, so it has seen nothing of the request.</summary>
    public static bool IsRefusedConnection(IForwarderErrorFeature? failure) =>
        failure is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } };

    /// <summary>
    /// The frontend could not be connected to, or the connection broke before it answered. Not every exception means that: a request that can't be sent is
    /// its sender's fault.
    /// </summary>
    public static bool IsLostConnection(IForwarderErrorFeature? failure) =>
        failure is
        {
            Error: ForwarderError.Request,
            Exception: IOException
                or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded }
                or HttpRequestException { InnerException: IOException or SocketException },
        };
}
