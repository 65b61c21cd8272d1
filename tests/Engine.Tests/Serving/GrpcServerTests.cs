using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Serving;
using HaCluster.Wire;

namespace HaCluster.Engine.Tests.Serving;

/// <summary>What the server does with requests that no runtime would send.</summary>
public sealed class GrpcServerTests
{
    private const string Echo = "/test.Service/Echo";
    private const string Refuse = "/test.Service/Refuse";

    public static TheoryData<string, byte[], StatusCode, string> MalformedBodies => new()
    {
        { "nothing at all", [], StatusCode.Internal, "Incomplete message" },
        { "half a prefix", [0, 0, 0], StatusCode.Internal, "Incomplete message" },
        { "an unknown prefix", [7, 0, 0, 0, 0], StatusCode.Unknown, "Unexpected compressed flag" },
        { "a compressed message", Frame([1, 2, 3], compressed: true), StatusCode.Internal, "grpc-encoding" },
        { "a truncated message", [.. Frame([0x0a, 0x01, (byte)'x'])[..^1]], StatusCode.Internal, "Incomplete message" },
        { "no protobuf", Frame([0xff, 0xff, 0xff]), StatusCode.Internal, "could not be parsed" },
        { "two messages", [.. Frame([]), .. Frame([])], StatusCode.Internal, "Additional data after the message" },
        { "a message beyond the limit", [0, 0x19, 0, 0, 1], StatusCode.ResourceExhausted, "exceeds the maximum" },
        { "an endless message", [0, 0xff, 0xff, 0xff, 0xff], StatusCode.Unknown, "too large" },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task A_malformed_body_gets_its_status_and_is_recorded(string what, byte[] body, StatusCode status, string detail)
    {
        var observer = new Observer();
        await using var server = await StartAsync(observer);

        var (actual, message) = await PostAsync(server, Echo, body);

        Assert.Equal((what, status), (what, actual));
        Assert.Contains(detail, message, StringComparison.Ordinal);
        Assert.Contains(detail, Assert.Single(observer.Violations), StringComparison.Ordinal);
        Assert.Equal(0, observer.Open);
    }

    [Fact]
    public async Task A_request_after_a_malformed_one_is_answered_as_ever()
    {
        await using var server = await StartAsync(new Observer());
        await PostAsync(server, Echo, [7, 7, 7, 7, 7]);

        var answer = await new UnaryClient(server.Address, "test.Service").CallAsync("Echo", Value.ForString("ping"), Value.Parser);

        Assert.Equal("ping", answer.StringValue);
    }

    [Fact]
    public async Task What_is_not_grpc_is_turned_away()
    {
        var observer = new Observer();
        await using var server = await StartAsync(observer);
        using var client = new HttpClient();
        using var request = Request(server, Echo, "{}"u8.ToArray(), "application/json");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("not gRPC", Assert.Single(observer.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented_and_does_not_break_the_connection()
    {
        var observer = new Observer();
        await using var server = await StartAsync(observer);

        var (status, message) = await PostAsync(server, "/pulumirpc.ResourceMonitor/Call", Frame([]));

        Assert.Equal((StatusCode.Unimplemented, "the embedded engine does not implement /pulumirpc.ResourceMonitor/Call"), (status, message));
        Assert.Empty(observer.Violations);
    }

    [Fact]
    public async Task A_refusal_carries_its_message_whatever_the_letters()
    {
        await using var server = await StartAsync(new Observer());

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new UnaryClient(server.Address, "test.Service").CallAsync("Refuse", new Value(), Value.Parser));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal("100 % of \"Zürich\"\nis gone", refused.Status.Detail);
    }

    [Fact]
    public async Task A_refusal_too_long_for_a_header_is_shortened()
    {
        await using var server = await StartAsync(new Observer());

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new UnaryClient(server.Address, "test.Service").CallAsync("RefuseAtLength", new Value(), Value.Parser));

        Assert.Equal(new string('ü', 2_000) + "...", refused.Status.Detail);
    }

    [Fact]
    public async Task A_defect_of_the_engine_is_recorded_and_answered()
    {
        var observer = new Observer();
        await using var server = await StartAsync(observer);

        var failed = await Assert.ThrowsAsync<RpcException>(
            () => new UnaryClient(server.Address, "test.Service").CallAsync("Fail", new Value(), Value.Parser));

        Assert.Equal((StatusCode.Internal, "a defect"), (failed.StatusCode, failed.Status.Detail));
        Assert.Contains("the engine could not handle it: System.InvalidOperationException: a defect", Assert.Single(observer.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_leaves_in_the_middle_of_a_message_is_no_violation()
    {
        var observer = new Observer();
        await using var server = await StartAsync(observer);
        using var client = new HttpClient();
        using var leaving = new CancellationTokenSource();
        using var request = Request(server, Echo, Frame([]), "application/grpc");
        request.Content = new Endless { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };

        var answer = client.SendAsync(request, leaving.Token);
        Assert.True(SpinWait.SpinUntil(() => observer.Started, TimeSpan.FromMinutes(4)));
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(0, observer.Open);
        Assert.Equal([Echo], observer.Abandonments);
        Assert.Empty(observer.Violations);
    }

    [Fact]
    public async Task Several_large_messages_at_once_are_all_answered()
    {
        await using var server = await StartAsync(new Observer());
        var client = new UnaryClient(server.Address, "test.Service");
        var large = new string('x', 8 * 1024 * 1024);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.CallAsync("Echo", Value.ForString(large), Value.Parser)));

        Assert.All(answers, answer => Assert.Equal(large.Length, answer.StringValue.Length));
    }

    [Fact]
    public async Task Deeply_nested_values_are_read()
    {
        await using var server = await StartAsync(new Observer());
        var nested = Value.ForString("core");
        for (var i = 0; i < 300; i++)
            nested = Value.ForStruct(new Struct { Fields = { ["in"] = nested } });

        var answer = await new UnaryClient(server.Address, "test.Service").CallAsync("Echo", nested, Value.Parser);

        Assert.Equal(nested, answer);
    }

    [Fact]
    public async Task A_call_waits_until_the_server_serves()
    {
        await using var server = new GrpcServer();
        var answer = new UnaryClient(server.Address, "test.Service").CallAsync("Echo", Value.ForString("early"), Value.Parser);

        await ServeAsync(server, new Observer());

        Assert.Equal(Value.ForString("early"), await answer);
    }

    private static async Task<GrpcServer> StartAsync(Observer observer)
    {
        var server = new GrpcServer();
        await ServeAsync(server, observer);
        return server;
    }

    private static Task ServeAsync(GrpcServer server, Observer observer) => server.ServeAsync(
        new Dictionary<string, UnaryMethod>
        {
            [Echo] = UnaryMethod.Of<Value>(request => request),
            [Refuse] = UnaryMethod.Of<Value>(_ => throw new RpcException(new Status(StatusCode.NotFound, "100 % of \"Zürich\"\nis gone"))),
            ["/test.Service/RefuseAtLength"] = UnaryMethod.Of<Value>(_ => throw new RpcException(new Status(StatusCode.NotFound, new string('ü', 9_000)))),
            ["/test.Service/Fail"] = UnaryMethod.Of<Value>(_ => throw new InvalidOperationException("a defect")),
        },
        observer,
        CancellationToken.None);

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static async Task<(StatusCode Status, string Message)> PostAsync(GrpcServer server, string path, byte[] body)
    {
        using var client = new HttpClient();
        using var request = Request(server, path, body, "application/grpc");
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var status = (StatusCode)int.Parse(response.Headers.GetValues("grpc-status").Single(), null);
        return (status, Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()));
    }

    private static HttpRequestMessage Request(GrpcServer server, string path, byte[] body, string contentType) => new(HttpMethod.Post, $"http://{server.Address}{path}")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
    };

    private sealed class Observer : ICallObserver
    {
        private int _open;
        private int _began;

        public bool Started => Volatile.Read(ref _began) > 0;

        public ConcurrentQueue<string> Abandonments { get; } = new();

        public ConcurrentQueue<string> Violations { get; } = new();

        public int Open => SpinWait.SpinUntil(() => Volatile.Read(ref _open) == 0, TimeSpan.FromMinutes(4)) ? 0 : _open;

        public void Began(string method)
        {
            Interlocked.Increment(ref _open);
            Interlocked.Increment(ref _began);
        }

        public void Ended(string method) => Interlocked.Decrement(ref _open);

        public void Violated(string method, string problem) => Violations.Enqueue(problem);

        public void Abandoned(string method) => Abandonments.Enqueue(method);
    }

    /// <summary>Announces a message and sends a part of it.</summary>
    private sealed class Endless : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync((byte[])[0, 0, 0, 0, 9, 1], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
