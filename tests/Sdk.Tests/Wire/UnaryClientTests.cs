using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HaCluster.Sdk.Tests.Wire;

public sealed class UnaryClientTests
{
    private static async Task<Value> CallAsync(RequestDelegate handle, Value? request = null)
    {
        await using var server = await GrpcServer.StartAsync(handle);
        return await new UnaryClient(server.Address, "test.Service").CallAsync("Method", request ?? Value.ForString("x"), Value.Parser);
    }

    private static async Task<RpcException> FailAsync(RequestDelegate handle)
        => await Assert.ThrowsAsync<RpcException>(() => CallAsync(handle));

    [Fact]
    public async Task Request_is_as_grpc_wants_it_and_the_answer_comes_back()
    {
        HttpRequest? seen = null;
        (string Path, string Method, string Protocol, string? ContentType, string Te) request = default;
        var answer = await CallAsync(async context =>
        {
            seen = context.Request;
            request = (seen.Path, seen.Method, seen.Protocol, seen.ContentType, seen.Headers.TE.ToString());
            await GrpcServer.WriteAsync(context, await GrpcServer.ReadAsync(context, Value.Parser));
        }, Value.ForString("hello"));

        Assert.Equal("hello", answer.StringValue);
        Assert.Equal(("/test.Service/Method", "POST", "HTTP/2", "application/grpc", "trailers"), request);
    }

    [Fact]
    public async Task Large_messages_pass()
    {
        var text = new string('x', 20_000_000);
        var answer = await CallAsync(
            async context => await GrpcServer.WriteAsync(context, await GrpcServer.ReadAsync(context, Value.Parser)),
            Value.ForString(text));
        Assert.Equal(text.Length, answer.StringValue.Length);
    }

    [Fact]
    public async Task Status_among_the_headers_is_the_error()
    {
        var error = await FailAsync(context => GrpcServer.FailAsync(context, StatusCode.NotFound, "größer: 100%\n"));
        Assert.Equal((StatusCode.NotFound, "größer: 100%\n"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Status_in_the_trailers_is_the_error_even_after_a_message()
    {
        var error = await FailAsync(async context =>
        {
            await context.Response.Body.WriteAsync(GrpcServer.Frame(Value.ForNull()));
            context.Response.AppendTrailer("grpc-status", "9");
            context.Response.AppendTrailer("grpc-message", "not%20now");
        });
        Assert.Equal((StatusCode.FailedPrecondition, "not now"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Status_in_the_trailers_is_the_error_without_a_message()
    {
        var error = await FailAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.Response.AppendTrailer("grpc-status", "14");
        });
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Success_without_a_message_is_an_error()
    {
        var error = await FailAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.Response.AppendTrailer("grpc-status", "0");
        });
        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Missing_status_is_an_error()
    {
        var error = await FailAsync(async context => await context.Response.Body.WriteAsync(GrpcServer.Frame(Value.ForNull())));
        Assert.Equal("No grpc-status found on response.", error.Status.Detail);
    }

    [Theory]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Http_errors_become_status_codes(int httpStatus, StatusCode expected)
    {
        var error = await FailAsync(context =>
        {
            context.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        });
        Assert.Equal(expected, error.StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0x19, 0, 0, 1 }, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0xff }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0 }, StatusCode.Internal)]
    public async Task Broken_frames_are_errors(byte[] frame, StatusCode expected)
        => Assert.Equal(expected, (await FailAsync(async context => await context.Response.Body.WriteAsync(frame))).StatusCode);

    [Fact]
    public async Task Connection_that_breaks_is_unavailable()
        => Assert.Equal(StatusCode.Unavailable, (await FailAsync(context =>
        {
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        })).StatusCode);

    [Fact]
    public async Task Call_that_the_server_resets_is_internal()
        => Assert.Equal(StatusCode.Internal, (await FailAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        })).StatusCode);

    [Fact]
    public async Task Call_that_is_cancelled_says_so()
    {
        using var cancelling = new CancellationTokenSource();
        await using var server = await GrpcServer.StartAsync(async context =>
        {
            await cancelling.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new UnaryClient(server.Address, "test.Service").CallAsync("Method", Value.ForNull(), Value.Parser, cancelling.Token));
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_unavailable_and_named()
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = $"127.0.0.1:{((IPEndPoint)unused.LocalEndPoint!).Port}";
        var error = await Assert.ThrowsAsync<RpcException>(
            () => new UnaryClient(address, "test.Service").CallAsync("Method", Value.ForNull(), Value.Parser));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(address, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_calls_at_once_share_the_channel()
    {
        var connections = new HashSet<string>();
        await using var server = await GrpcServer.StartAsync(async context =>
        {
            lock (connections)
                connections.Add(context.Connection.Id);
            await GrpcServer.WriteAsync(context, await GrpcServer.ReadAsync(context, Value.Parser));
        });
        var address = server.Address;
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            i => new UnaryClient(address, "test.Service").CallAsync("Method", Value.ForNumber(i), Value.Parser)));
        Assert.Equal(Enumerable.Range(0, 500), answers.Select(answer => (int)answer.NumberValue));
        Assert.InRange(connections.Count, 1, 20);
    }
}
