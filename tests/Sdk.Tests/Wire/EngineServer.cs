using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Wire;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Sdk.Tests.Wire;

/// <summary>The least that a program needs of an engine, over real gRPC.</summary>
internal static class EngineServer
{
    /// <param name="calls">Receives the methods called, in order.</param>
    /// <param name="unimplemented">Methods that the engine does not have.</param>
    public static Task<GrpcServer> StartAsync(ConcurrentQueue<(string Method, IMessage Request)> calls, params string[] unimplemented)
        => GrpcServer.StartAsync(async context =>
        {
            var method = context.Request.Path.Value!.Split('/')[^1];
            var request = await ReadAsync(context, method);
            calls.Enqueue((method, request));
            await (unimplemented.Contains(method)
                ? GrpcServer.FailAsync(context, StatusCode.Unimplemented, "unknown method")
                : GrpcServer.WriteAsync(context, Answer(request)));
        });

    private static async Task<IMessage> ReadAsync(HttpContext context, string method) => method switch
    {
        "SupportsFeature" => await GrpcServer.ReadAsync(context, SupportsFeatureRequest.Parser),
        "RegisterResource" => await GrpcServer.ReadAsync(context, RegisterResourceRequest.Parser),
        "ReadResource" => await GrpcServer.ReadAsync(context, ReadResourceRequest.Parser),
        "RegisterResourceOutputs" => await GrpcServer.ReadAsync(context, RegisterResourceOutputsRequest.Parser),
        "Invoke" => await GrpcServer.ReadAsync(context, ResourceInvokeRequest.Parser),
        "Log" => await GrpcServer.ReadAsync(context, LogRequest.Parser),
        "RequirePulumiVersion" => await GrpcServer.ReadAsync(context, RequirePulumiVersionRequest.Parser),
        _ => await GrpcServer.ReadAsync(context, Empty.Parser),
    };

    private static IMessage Answer(IMessage request) => request switch
    {
        SupportsFeatureRequest => new SupportsFeatureResponse { HasSupport = true },
        RegisterResourceRequest register => new RegisterResourceResponse
        {
            Urn = $"urn:pulumi:stack::project::{register.Type}::{register.Name}",
            Id = register.Custom ? register.Name : "",
            Object = register.Object,
        },
        ReadResourceRequest read => new ReadResourceResponse
        {
            Urn = $"urn:pulumi:stack::project::{read.Type}::{read.Name}",
            Properties = read.Properties,
        },
        ResourceInvokeRequest invoke => new ResourceInvokeResponse { Return = invoke.Args },
        RequirePulumiVersionRequest => new RequirePulumiVersionResponse(),
        _ => new Empty(),
    };
}
