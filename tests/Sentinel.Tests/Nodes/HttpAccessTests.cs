using System.Net.Sockets;
using System.Text;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests.Nodes;

/// <summary>Whatever a node may do to a caller ends in time, within bounds, and as one of a closed set of faults.</summary>
public sealed class HttpAccessTests : IDisposable
{
    /// <summary>Of a call that is to run out of time; the others have as long as a busy machine needs.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("sentinel").FullName;

    public static TheoryData<string, int> Faults => new()
    {
        { "HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n", (int)RpcFault.Unauthorized },
        { "HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n", (int)RpcFault.Unauthorized },
        { "HTTP/1.1 429 X\r\nContent-Length: 0\r\n\r\n", (int)RpcFault.Throttled },
        { "HTTP/1.1 301 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", (int)RpcFault.Status },
        { "HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nbusy", (int)RpcFault.Status },
        { "HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n<!DOCTYPE", (int)RpcFault.Malformed },
        { "HTTP/1.1 200 X\r\nContent-Length: 90\r\n\r\n{\"result\":", (int)RpcFault.Malformed },
        { "HTTP/1.1 200 X\r\nContent-Length: 104857600\r\n\r\n", (int)RpcFault.TooLarge },
        { "HTTP/0.9 hello\r\n", (int)RpcFault.Malformed },
        { "just text without any header\r\n\r\n", (int)RpcFault.Malformed },
        { "\u0016\u0003\u0001\u0002", (int)RpcFault.Malformed },
        { "", (int)RpcFault.Malformed },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_broken_answer_is_one_fault(string answer, int fault)
    {
        using var server = new RawServer(async (_, stream, token) => await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), token));

        Assert.Equal((RpcFault)fault, await FaultAsync(server.Url));
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up_at_the_limit()
    {
        var sent = 0L;
        using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 X\r\n\r\n["u8.ToArray(), token);
            var chunk = Encoding.ASCII.GetBytes(new string('1', 65_536));
            for (; sent < 200_000_000; sent += chunk.Length)
                await stream.WriteAsync(chunk, token);
        });

        Assert.Equal(RpcFault.TooLarge, await FaultAsync(server.Url));
        Assert.InRange(sent, 0, 60_000_000);
    }

    [Fact]
    public async Task A_drip_of_single_bytes_ends_with_the_time_of_the_call()
    {
        using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), token);
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync("1"u8.ToArray(), token);
                await Task.Delay(50, token);
            }
        });

        Assert.Equal(RpcFault.Timeout, await FaultAsync(server.Url, Short));
    }

    [Fact]
    public async Task A_port_that_is_closed_and_a_name_that_is_none_are_unreachable()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Equal(RpcFault.Unreachable, await FaultAsync(new Uri($"http://127.0.0.1:{port}")));
        Assert.Equal(RpcFault.Unreachable, await FaultAsync(new Uri("http://no-such-host.invalid")));
    }

    [Fact]
    public async Task A_server_without_tls_is_a_fault_of_tls()
    {
        using var server = RawServer.Json(_ => "{}");

        Assert.Equal(RpcFault.Tls, await FaultAsync(new UriBuilder(server.Url) { Scheme = "https" }.Uri));
    }

    [Fact]
    public async Task Credentials_are_read_again_when_they_are_refused()
    {
        var (user, password) = (Path.Combine(_folder, "user"), Path.Combine(_folder, "password"));
        await File.WriteAllTextAsync(user, "rpc\n");
        await File.WriteAllTextAsync(password, "first\n");
        var accepted = "first";
        using var server = new RawServer((request, stream, token) => RawServer.SendAsync(
            stream, request.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"rpc:{accepted}")), StringComparison.Ordinal) ? 200 : 401, "{}", token));
        using var http = new HttpAccess(new NodeAccess(server.Url, user, password), Waiting.Limit);
        using var first = await http.PostAsync("", "{}"u8.ToArray(), CancellationToken.None);

        accepted = "second";
        await Assert.ThrowsAsync<RpcException>(() => http.PostAsync("", "{}"u8.ToArray(), CancellationToken.None));
        await File.WriteAllTextAsync(password, "second\n");
        using var second = await http.PostAsync("", "{}"u8.ToArray(), CancellationToken.None);
        Assert.NotNull(second);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<RpcFault> FaultAsync(Uri url, TimeSpan? limit = null)
    {
        using var http = new HttpAccess(new NodeAccess(url), limit ?? Waiting.Limit);
        return (await Assert.ThrowsAsync<RpcException>(() => http.PostAsync("", "{}"u8.ToArray(), CancellationToken.None))).Fault;
    }
}
