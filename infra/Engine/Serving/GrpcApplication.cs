using System.Globalization;
using Google.Protobuf;
using HaCluster.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HaCluster.Engine.Serving;

/// <summary>
/// Turns HTTP/2 requests into calls of <see cref="UnaryMethod"/>s: the little of gRPC that Pulumi uses, framed by hand. Grpc.AspNetCore 2.85 would
/// need a host: 0.26 CPU seconds and 55 MiB from start to stop, against 0.15 and 45 of this (medians of paired runs of the
/// server alone; the share in a whole run of <c>ha</c> was not measured). It would also need
/// marshallers for messages that nest deeper than 100, and has nothing like <see cref="LargeMessageGate"/>.
/// </summary>
/// <param name="methods">By path, such as <c>/pulumirpc.Engine/Log</c>.</param>
internal sealed class GrpcApplication(IReadOnlyDictionary<string, UnaryMethod> methods, ICallObserver observer) : IHttpApplication<HttpContext>, IDisposable
{
    private readonly LargeMessageGate _gate = new();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public void Dispose() => _gate.Dispose();

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!IsGrpc(context.Request))
        {
            observer.Violated(path, $"it is not gRPC ({context.Request.Method}, content type '{context.Request.ContentType}')");
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        observer.Began(path);
        try
        {
            if (!methods.TryGetValue(path, out var method))
            {
                // A peer that is still sending would take an early answer for a reset.
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                throw new RpcException(RpcStatusCode.Unimplemented, $"the embedded engine does not implement {path}");
            }
            using var turn = await _gate.EnterAsync(context.Request.BodyReader, context.RequestAborted);
            if (await ReadAsync(context, method, path) is { } request)
                await AnswerAsync(context, method.Call(request));
        }
        catch (RpcException refused)
        {
            await FailAsync(context, refused.StatusCode, refused.Detail);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested || gone is IOException or BadHttpRequestException)
        {
            observer.Abandoned(path);
        }
        catch (Exception defect)
        {
            observer.Violated(path, $"the engine could not handle it: {defect}");
            await FailAsync(context, RpcStatusCode.Internal, defect.Message);
        }
        finally
        {
            observer.Ended(path);
        }
    }

    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && request.ContentType is { } type
        && type.StartsWith(GrpcFrame.ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == GrpcFrame.ContentType.Length || type[GrpcFrame.ContentType.Length] is '+' or ';');

    /// <returns>Null when the message is malformed; that has then been answered.</returns>
    private async Task<IMessage?> ReadAsync(HttpContext context, UnaryMethod method, string path)
    {
        try
        {
            return await method.ReadAsync(context.Request.BodyReader.AsStream(leaveOpen: true), context.RequestAborted);
        }
        catch (RpcException malformed)
        {
            observer.Violated(path, malformed.Detail);
            await FailAsync(context, malformed.StatusCode, malformed.Detail);
            return null;
        }
    }

    private static async Task AnswerAsync(HttpContext context, IMessage message)
    {
        var frame = GrpcFrame.Encode(message);
        Begin(context.Response);
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>A failed call has no message, so its status is in the headers ("Trailers-Only").</summary>
    private static async Task FailAsync(HttpContext context, RpcStatusCode status, string detail)
    {
        // Peers limit the size of headers, commonly to 8 KiB.
        const int maxDetail = 2_000;
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        Begin(context.Response);
        context.Response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = StatusMessage.Encode(detail.Length <= maxDetail ? detail : detail[..maxDetail] + "...");
        await context.Response.CompleteAsync();
    }

    private static void Begin(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = GrpcFrame.ContentType;
        response.Headers["grpc-accept-encoding"] = "identity";
    }
}
