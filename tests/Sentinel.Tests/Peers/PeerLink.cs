using System.Net;
using System.Net.Sockets;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>The network between a node and the peer that it connects to: a test can hold it up, or lead it to another peer.</summary>
internal sealed class PeerLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];
    private CancellationTokenSource _cut = new();
    private TaskCompletionSource _passing = Passing();
    private IPEndPoint _peer;

    public PeerLink(IPEndPoint peer)
    {
        _peer = peer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What the node takes for its peer.</summary>
    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Connections stay open and nothing comes through, as behind a broken router.</summary>
    public void Hold()
    {
        lock (_lock)
            _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What was held up arrives, in its order.</summary>
    public void Release()
    {
        lock (_lock)
            _passing.TrySetResult();
    }

    /// <summary>Open connections break; new ones are to this peer.</summary>
    public void LeadTo(IPEndPoint peer)
    {
        lock (_lock)
        {
            _peer = peer;
            _cut.Cancel();
            _cut.Dispose();
            _cut = new CancellationTokenSource();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _cut.Dispose();
        _end.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource();
        passing.SetResult();
        return passing;
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var node = await _listener.AcceptTcpClientAsync(_end.Token);
                lock (_lock)
                    _connections.Add(ConnectAsync(node, _peer, _cut.Token));
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException && _end.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync(TcpClient node, IPEndPoint to, CancellationToken cut)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cut, _end.Token);
        using var peer = new TcpClient();
        using (node)
        {
            try
            {
                await peer.ConnectAsync(to, end.Token);
                await Task.WhenAny(PumpAsync(node.GetStream(), peer.GetStream(), end.Token), PumpAsync(peer.GetStream(), node.GetStream(), end.Token));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // The peer is not there: its node sees the same.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken end)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, end) is > 0 and var read)
            {
                Task passing;
                lock (_lock)
                    passing = _passing.Task;
                await passing.WaitAsync(end);
                await to.WriteAsync(buffer.AsMemory(0, read), end);
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has closed it, or the test.
        }
    }
}
