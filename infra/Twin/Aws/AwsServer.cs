using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.Aws.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HaCluster.Twin.Aws;

/// <summary>
/// The AWS API of the world, as far as the operation of a cluster calls it, on one loopback port for all services: which one is meant, the signature says.
/// Plain HTTP, as <c>AWS_ENDPOINT_URL</c> of local stand-ins is.
/// </summary>
public sealed class AwsServer : IAsyncDisposable
{
    private const long LargestBody = 1 << 20;

    private readonly WebApplication _app;
    private readonly ServiceTable _services;
    private long _requests;

    private AwsServer(WebApplication app, ServiceTable services, AwsKey key, Account account)
    {
        (_app, _services, Key, Region, ClusterName) = (app, services, key, account.Region, account.ClusterName);
    }

    /// <summary>For <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Url => new(_app.Urls.First());

    public AwsKey Key { get; }

    public string Region { get; }

    /// <summary>The name of the cluster in EKS.</summary>
    public string ClusterName { get; }

    /// <summary>Errors that the next calls are answered with.</summary>
    public AwsFaults Faults { get; } = new();

    /// <param name="kubernetes">What DescribeCluster gives as the endpoint of the cluster, with the PEM of its authority.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="interceptor">As <see cref="Kubernetes.ApiServerOptions.Interceptor"/>.</param>
    public static async Task<AwsServer> StartAsync(
        World.World world, (Uri Url, string AuthorityPem)? kubernetes = null, AwsKey? key = null, int port = 0, Func<HttpContext, RequestDelegate, Task>? interceptor = null)
    {
        // Empty: it reads no settings of the machine, watches no files and logs nothing.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, Kubernetes.Serving.EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        var account = new Account(world, kubernetes);
        var server = new AwsServer(app, new ServiceTable(account), key ?? AwsKey.Random(), account);
        app.Run(interceptor is null ? server.HandleAsync : http => interceptor(http, server.HandleAsync));
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var requestId = new Guid(0, 0, 0, BitConverter.GetBytes(Interlocked.Increment(ref _requests))).ToString();
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        var service = Signature.ServiceOf(context.Request) ?? "sts";
        var isXml = ServiceTable.IsXml(service);
        try
        {
            Signature.Verify(context.Request, body, Key, DateTimeOffset.UtcNow);
            var call = Read(context.Request, service, body);
            if (Faults.Take(service, call.Operation) is { } fault)
                throw new AwsException(fault.Code, fault.Message, fault.Status);
            if (isXml)
                await WriteAsync(context, 200, "text/xml;charset=UTF-8", XmlAnswers.Answer(service, call.Operation, _services.AnswerXml(call), requestId), requestId);
            else
                await WriteAsync(context, 200, ServiceTable.IsTargeted(service) ? "application/x-amz-json-1.1" : "application/json", Encoding.UTF8.GetBytes(_services.AnswerJson(call).ToJsonString()), requestId);
        }
        catch (AwsException exception)
        {
            await RefuseAsync(context, service, isXml, exception, requestId);
        }
        catch (ArgumentException exception)
        {
            // The run refuses the change.
            await RefuseAsync(context, service, isXml, new AwsException("ValidationError", exception.Message), requestId);
        }
        catch (JsonException exception)
        {
            await RefuseAsync(context, service, isXml, new AwsException("SerializationException", exception.Message), requestId);
        }
    }

    private static AwsCall Read(HttpRequest request, string service, byte[] body)
    {
        var query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (ServiceTable.IsXml(service) && !ServiceTable.IsRest(service))
        {
            foreach (var pair in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = pair.Split('=', 2);
                query[Decode(parts[0])] = parts.Length > 1 ? Decode(parts[1]) : "";
            }

            return new AwsCall(service, query.GetValueOrDefault("Action", "")) { Form = query };
        }

        var json = body.Length == 0 || ServiceTable.IsXml(service) ? [] : JsonNode.Parse(body) as JsonObject ?? throw new JsonException("the body is not an object");
        if (ServiceTable.IsTargeted(service))
            return new AwsCall(service, request.Headers["X-Amz-Target"].ToString().Split('.')[^1]) { Form = query, Body = json };
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2)[0];
        var (operation, path) = RestRoutes.Find(service, request.Method, raw);
        return new AwsCall(service, operation) { Form = query, Body = json, Path = path };
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static Task RefuseAsync(HttpContext context, string service, bool isXml, AwsException exception, string requestId)
    {
        if (isXml)
        {
            // EC2 calls what is wrong with the credentials by other names (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
            var own = service == "ec2" && exception.Code is "InvalidClientTokenId" or "SignatureDoesNotMatch"
                ? new AwsException("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
                : service == "ec2" && exception.Code == "Throttling" ? new AwsException("RequestLimitExceeded", "Request limit exceeded.", 503)
                : exception;
            return WriteAsync(context, own.Status, "text/xml;charset=UTF-8", XmlAnswers.Error(service, own, requestId), requestId);
        }

        var code = exception.Code switch
        {
            "InvalidClientTokenId" => "UnrecognizedClientException",
            "SignatureDoesNotMatch" => "InvalidSignatureException",
            "MissingAuthenticationToken" => "MissingAuthenticationTokenException",
            "ExpiredToken" => "ExpiredTokenException",
            "Throttling" => "ThrottlingException",
            "AccessDenied" => "AccessDeniedException",
            var other => other,
        };
        var answer = exception.Details?.DeepClone().AsObject() ?? [];
        answer["__type"] = code;
        answer["message"] = exception.Message;
        context.Response.Headers["x-amzn-ErrorType"] = code;
        return WriteAsync(context, exception.Status, ServiceTable.IsTargeted(service) ? "application/x-amz-json-1.1" : "application/json", Encoding.UTF8.GetBytes(answer.ToJsonString()), requestId);
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] content, string requestId)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
