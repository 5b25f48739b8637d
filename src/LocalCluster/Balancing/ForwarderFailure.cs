using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Classifies failures of the forwarder.</summary>
internal static class ForwarderFailure
{
    /// <summary>The frontend refused the connection, so it has not seen the request.</summary>
    public static bool IsRefusedConnection(IForwarderErrorFeature? failure) =>
        failure is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } };

    /// <summary>
    /// The frontend refused the connection, or the connection broke before the response. Other exceptions exist: a request that can't be sent is the
    /// client's fault.
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
