using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>
/// A client at an address of its own, which the front keeps at one node: it asks for the head, waits for the answer and asks again. Failed reads are
/// not tried again.
/// </summary>
internal sealed class Reader(IPAddress address, Front front, INodeSet nodes)
{
    /// <summary>Between two reads, so that it leaves the machine to the nodes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    private readonly List<Reading> _readings = [];

    public IReadOnlyList<Reading> Readings => _readings;

    /// <summary>Why reads failed, and how often.</summary>
    public Dictionary<string, int> Failures { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        using var client = front.Client(ConnectAsync);
        while (!stop.IsCancellationRequested)
        {
            var asked = AwakeTime.Elapsed;
            var (height, hash) = await ReadAsync(client);
            _readings.Add(new Reading(asked, AwakeTime.Elapsed, height, hash));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<(long Height, string? Hash)> ReadAsync(HttpClient client)
    {
        try
        {
            using var response = await client.PostAsync(new Uri("/", UriKind.Relative), new StringContent(nodes.HeadRequest, Encoding.UTF8, "application/json"));
            if (response.StatusCode != HttpStatusCode.OK)
                return Fail($"HTTP {(int)response.StatusCode}");
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return nodes.HeadOf(document.RootElement.GetProperty("result"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or TaskCanceledException)
        {
            return Fail(exception.GetType().Name);
        }
    }

    private (long Height, string? Hash) Fail(string why)
    {
        Failures[why] = Failures.GetValueOrDefault(why) + 1;
        return (0, null);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
