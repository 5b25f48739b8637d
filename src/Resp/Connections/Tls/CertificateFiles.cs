using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using OrleansSessions.Resp.Hosting;

namespace OrleansSessions.Resp.Connections.Tls;

/// <summary>
/// The endpoint's certificate, from PEM files. They are looked at again now and then, by their content: where they are links to a folder that is exchanged, as
/// in Kubernetes, no date tells of a change.
/// </summary>
internal sealed partial class CertificateFiles
{
    /// <summary>How old a certificate may be that a new connection gets.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private (string Certificate, string Key) _text;
    private SslStreamCertificateContext _context;
    private long _readAt;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">They can't be read, or are no certificate with its key.</exception>
    public CertificateFiles(RespTlsOptions options, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (_certificatePath, _keyPath, _time, _logger) = (options.CertificatePath!, options.KeyPath!, time, logger);
        try
        {
            _text = ReadText();
            _context = Parse(_text.Certificate, _text.Key);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new InvalidOperationException(
                $"Resp:Tls: '{_certificatePath}' and '{_keyPath}' are not a certificate and its key in PEM: {exception.Message}", exception);
        }

        _readAt = time.GetTimestamp();
    }

    /// <summary>The certificate for a connection that is made now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_readAt) >= ReadInterval)
                {
                    _readAt = _time.GetTimestamp();
                    ReadAgain();
                }

                return _context;
            }
        }
    }

    private void ReadAgain()
    {
        try
        {
            (string Certificate, string Key) text = ReadText();
            if (text != _text)
            {
                _context = Parse(text.Certificate, text.Key);
                _text = text;
                LogRenewed(_logger, _certificatePath);
            }
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            // One file may have been exchanged and the other not yet.
            LogUnreadable(_logger, _certificatePath, exception.Message);
        }
    }

    private (string Certificate, string Key) ReadText() => (File.ReadAllText(_certificatePath), File.ReadAllText(_keyPath));

    private static SslStreamCertificateContext Parse(string certificate, string key)
    {
        var leaf = X509Certificate2.CreateFromPem(certificate, key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(certificate);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    [LoggerMessage(400, LogLevel.Information, "The certificate in {Path} has changed; new connections of the RESP endpoint use it.")]
    private static partial void LogRenewed(ILogger logger, string path);

    [LoggerMessage(401, LogLevel.Warning, "The certificate in {Path} has changed and can't be used with its key; the one before stays in use: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string path, string reason);
}
