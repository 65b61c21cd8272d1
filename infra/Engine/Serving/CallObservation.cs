using Microsoft.AspNetCore.Http;

namespace HaCluster.Engine.Serving;

/// <summary>
/// Around the library's handling of a call: tells the observer about it, also when it never reaches a <see cref="CallHandler"/>, and holds back large messages.
/// </summary>
internal sealed class CallObservation(IReadOnlyDictionary<string, UnaryMethod> methods, ICallObserver observer, LargeMessageGate gate)
{
    private static readonly object ReadMark = new();

    public static void RequestWasRead(HttpContext context) => context.Items[ReadMark] = true;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        observer.Began(path);
        try
        {
            using var turn = await gate.EnterAsync(context.Request.BodyReader, context.RequestAborted);
            // A peer that is still sending would take an early answer for a reset.
            if (!methods.ContainsKey(path))
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await next(context);
            Report(context, path);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested || gone is IOException or BadHttpRequestException)
        {
            observer.Abandoned(path);
        }
        finally
        {
            observer.Ended(path);
        }
    }

    private void Report(HttpContext context, string path)
    {
        var response = context.Response;
        if (context.RequestAborted.IsCancellationRequested)
            observer.Abandoned(path);
        else if (response.StatusCode != StatusCodes.Status200OK)
            observer.Violated(path, $"it is not gRPC ({context.Request.Method}, content type '{context.Request.ContentType}')");
        else if (!methods.ContainsKey(path))
            response.Headers.GrpcMessage = Uri.EscapeDataString($"the embedded engine does not implement {path}");
        else if (!context.Items.ContainsKey(ReadMark))
            observer.Violated(path, Uri.UnescapeDataString(response.Headers.GrpcMessage.ToString()));
    }
}
