using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>
/// Carries bytes between a WebSocket and the servers behind ports of a pod, as the kubelet does
/// (https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go): each message begins with a channel, 2n for
/// the data of the n-th port and 2n+1 for its error, and the first message of each channel is the port, little-endian. The older SPDY is not spoken.
/// </summary>
internal sealed class PortForwardSubresource(ObjectStore store, PodPorts servers, CancellationToken stopping)
{
    private const string Protocol = "v4.channel.k8s.io";
    private const int BufferSize = 32 * 1024;

    public async Task HandleAsync(ApiRequest request)
    {
        var pod = store.Get(request.Kind, request.Namespace, request.Name!);
        if (!request.Http.WebSockets.IsWebSocketRequest)
            throw StatusException.BadRequest("Upgrade request required");
        if (pod.Find("spec", "nodeName") is not { ValueKind: JsonValueKind.String })
            throw StatusException.BadRequest($"pod {pod.Name} does not have a host assigned");
        var ports = request.Http.Request.Query["ports"].SelectMany(text => text!.Split(',')).Select(Port).ToArray();
        if (ports.Length == 0)
            throw StatusException.BadRequest("query parameter \"port\" is required");
        var protocols = request.Http.WebSockets.WebSocketRequestedProtocols;
        if (protocols.Count > 0 && !protocols.Contains(Protocol))
            throw StatusException.BadRequest($"unable to upgrade websocket connection: requested protocol(s) are not supported: [{string.Join(' ', protocols)}]; supports [{Protocol}]");

        using var socket = await request.Http.WebSockets.AcceptWebSocketAsync(protocols.Count > 0 ? Protocol : null);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, stopping);
        await using var connection = new Connection(socket, pod, ports);
        await connection.RunAsync(servers, end);
    }

    private static int Port(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
        ? port
        : throw StatusException.BadRequest($"unable to parse \"{text}\" as a port");

    private sealed class Connection(WebSocket socket, StoredObject pod, int[] ports) : IAsyncDisposable
    {
        private readonly NetworkStream?[] _streams = new NetworkStream?[ports.Length];
        private readonly SemaphoreSlim _sending = new(1);

        public async Task RunAsync(PodPorts servers, CancellationTokenSource end)
        {
            try
            {
                for (var at = 0; at < ports.Length; at++)
                {
                    var port = new byte[sizeof(ushort)];
                    BinaryPrimitives.WriteUInt16LittleEndian(port, (ushort)ports[at]);
                    await SendAsync(2 * at, port, end.Token);
                    await SendAsync(2 * at + 1, port, end.Token);
                    _streams[at] = await ConnectAsync(at, servers, end.Token);
                }

                var receiving = ReceiveAsync(end);
                await Task.WhenAll(Enumerable.Range(0, ports.Length).Select(at => ForwardAsync(at, end.Token)));
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end.Token);
                await receiving;
            }
            catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
            {
                // The client, or this server, went away.
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var stream in _streams)
            {
                if (stream is not null)
                    await stream.DisposeAsync();
            }

            _sending.Dispose();
        }

        /// <returns>Null: nothing listens; the client was told.</returns>
        private async Task<NetworkStream?> ConnectAsync(int at, PodPorts servers, CancellationToken cancellationToken)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await client.ConnectAsync(servers.Find(pod.Namespace!, pod.Name, ports[at]) ?? throw new SocketException((int)SocketError.ConnectionRefused), cancellationToken);
                return new NetworkStream(client, ownsSocket: true);
            }
            catch (SocketException)
            {
                client.Dispose();
                var refusal = $"error forwarding port {ports[at]} to pod {pod.Name}, uid {pod.Uid}: failed to connect to localhost:{ports[at]}: dial tcp 127.0.0.1:{ports[at]}: connect: connection refused";
                await SendAsync(2 * at + 1, Encoding.UTF8.GetBytes(refusal), cancellationToken);
                return null;
            }
        }

        private async Task ForwardAsync(int at, CancellationToken cancellationToken)
        {
            if (_streams[at] is not { } stream)
                return;
            try
            {
                var buffer = new byte[BufferSize];
                while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                    await SendAsync(2 * at, buffer.AsMemory(0, count), cancellationToken);
            }
            catch (IOException)
            {
                // The connection was reset, which for the client is its end.
            }
        }

        /// <summary>Takes messages until the client closes.</summary>
        private async Task ReceiveAsync(CancellationTokenSource end)
        {
            var (buffer, channel) = (new byte[BufferSize], -1);
            while (await socket.ReceiveAsync(buffer.AsMemory(), end.Token) is { MessageType: not WebSocketMessageType.Close } part)
            {
                var data = buffer.AsMemory(0, part.Count);
                if (channel < 0 && data.Length > 0)
                    (channel, data) = (data.Span[0], data[1..]);
                // Only the channels of data are for the client to write to.
                if (data.Length > 0 && channel % 2 == 0 && channel / 2 < ports.Length && _streams[channel / 2] is { } stream)
                    await WriteAsync(stream, data, end.Token);
                if (part.EndOfMessage)
                    channel = -1;
            }

            await end.CancelAsync();
        }

        private static async Task WriteAsync(NetworkStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            try
            {
                await stream.WriteAsync(data, cancellationToken);
            }
            catch (IOException)
            {
                // Whoever reads from it notices too.
            }
        }

        private async Task SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            var message = new byte[1 + data.Length];
            message[0] = (byte)channel;
            data.CopyTo(message.AsMemory(1));
            await _sending.WaitAsync(cancellationToken);
            try
            {
                await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            finally
            {
                _sending.Release();
            }
        }
    }
}
