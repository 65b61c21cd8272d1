using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tls;
using HaCluster.Services;

namespace HaCluster.Ledger.Syslog;

/// <summary>Receives syslog over TLS (RFC 5425) from producers that are known by their certificates.</summary>
internal sealed class SyslogServer : IAsyncDisposable
{
    private const string NoCertificate = "the client shows no certificate; syslog producers are known by theirs";

    private readonly ConcurrentDictionary<Task, SyslogConnection?> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly SyslogOptions _options;
    private readonly TlsEndpoint _tls;
    private readonly Reloaded<Producers> _producers;
    private readonly Intake _intake;
    private readonly LedgerMetrics _metrics;
    private readonly Task _accepting;
    private int _open;

    /// <exception cref="IOException">The port is in use, or the address is not this computer's.</exception>
    public SyslogServer(SyslogOptions options, TlsEndpoint tls, Reloaded<Producers> producers, Intake intake, LedgerMetrics metrics)
    {
        (_options, _tls, _producers, _intake, _metrics) = (options, tls, producers, intake, metrics);
        _listener = new TcpListener(options.Listen);
        try
        {
            _listener.Start();
        }
        catch (SocketException exception)
        {
            throw new IOException($"--syslog: {options.Listen} cannot be listened on: {exception.Message}", exception);
        }

        _accepting = Task.Run(AcceptAsync);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Asks senders to go elsewhere, stores what they had sent, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        foreach (var connection in _connections.Values)
            connection?.AskToEnd();
        _end.CancelAfter(_options.DrainLimit);
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // It was gone before it was taken, or there are no file handles: others may come.
                await Task.Delay(TimeSpan.FromMilliseconds(100));
                continue;
            }

            if (Interlocked.Increment(ref _open) > _options.MostConnections)
            {
                Interlocked.Decrement(ref _open);
                socket.Dispose();
                _metrics.SyslogClosed("too-many", null);
                continue;
            }

            var done = new TaskCompletionSource();
            _connections[done.Task] = null;
            _ = Task.Run(() => ServeAsync(socket, done));
        }
    }

    private async Task ServeAsync(Socket socket, TaskCompletionSource done)
    {
        _metrics.SyslogConnections(Volatile.Read(ref _open));
        var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown";
        try
        {
            await ServeAsync(socket, done.Task);
        }
        catch (SyslogException exception)
        {
            _metrics.SyslogClosed(exception.Code, $"the connection of {peer} was closed: {exception.Message}");
        }
        catch (AuthenticationException exception)
        {
            _metrics.SyslogClosed("handshake", $"the connection of {peer} was closed: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            _metrics.SyslogClosed("broken", $"the connection of {peer} broke: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            _metrics.SyslogClosed("stopped", $"the connection of {peer} was closed, since the service ends");
        }
        finally
        {
            socket.Dispose();
            _metrics.SyslogConnections(Interlocked.Decrement(ref _open));
            _connections.TryRemove(done.Task, out _);
            done.SetResult();
        }
    }

    private async Task ServeAsync(Socket socket, Task key)
    {
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
        Producer? producer = null;
        string? fault = null;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(_options.HandshakeLimit);
            try
            {
                await tls.AuthenticateAsServerAsync(_tls.Options(certificate => (producer = Find(certificate, ref fault)) is not null), limit.Token);
            }
            catch (AuthenticationException) when (producer is null && fault is not null)
            {
                throw new SyslogException("unknown-producer", fault);
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                throw new SyslogException("too-slow", $"there was no TLS handshake within {_options.HandshakeLimit.TotalSeconds:0} seconds");
            }
        }

        if (producer is null)
            throw new SyslogException("unknown-producer", fault ?? NoCertificate);
        if ((producer.Syslog ?? producer.OnlyStream) is not { } stream)
            throw new SyslogException("unknown-stream", $"the producer {producer.Name} has several streams; choose one of them for syslog in the file of producers: \"syslog\": \"{producer.Streams[0]}\"");
        var connection = new SyslogConnection(producer, stream, tls, socket, _options, _intake, _metrics);
        _connections[key] = connection;
        // The service may have begun to end meanwhile.
        if (_stop.IsCancellationRequested)
            connection.AskToEnd();
        await connection.RunAsync(_end.Token);
    }

    /// <param name="fault">Is set.</param>
    private Producer? Find(PeerCertificate? certificate, ref string? fault)
    {
        fault = NoCertificate;
        if (certificate is null)
            return null;
        if (certificate.Fault is not null)
        {
            fault = $"the client certificate {certificate.Fault}";
            return null;
        }

        fault = $"the client certificate ({certificate.Subject}) is not that of exactly one entry of the file of producers";
        return _producers.Current.FindBy(certificate);
    }
}
