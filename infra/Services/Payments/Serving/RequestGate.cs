using System.Globalization;
using System.Net;
using System.Text;
using HaCluster.Payments.Access;
using HaCluster.Payments.Http;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tracing;

namespace HaCluster.Payments.Serving;

/// <summary>What an endpoint asks of its caller.</summary>
internal sealed record NeedsScope(Scopes Scope);

/// <summary>Around every request: who asks, whether they may, and what went wrong as a problem document.</summary>
internal sealed class RequestGate(Database database, RateLimits limits, AuditQueue trail, PaymentsMetrics metrics, TimeProvider clock)
{
    private const string PrincipalItem = "principal";
    private const int LongestText = 500;

    public static Principal PrincipalOf(HttpContext context) => (Principal)context.Items[PrincipalItem]!;

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        string? problem = null;
        try
        {
            await AdmitAsync(context);
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentType: null })
                await UnmatchedAsync(context);
        }
        catch (RefusedException exception)
        {
            problem = exception.Code;
            await Problems.WriteAsync(context, exception.Status, exception.Code, exception.Message);
        }
        catch (StoreUnavailableException exception)
        {
            metrics.StoreFailed(exception.Message);
            problem = "store-away";
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "store-away", "the database does not answer; the same request, with the same Idempotency-Key, may be sent again");
        }
        catch (BadHttpRequestException exception)
        {
            await Problems.WriteAsync(context, exception.StatusCode, "bad-request", exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        metrics.Answered(context.Response.StatusCode);
        Traces.Describe(context);
        await RecordAsync(context, problem);
    }

    private async Task AdmitAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>() is not { Scope: var scope })
            return;
        // Answers have amounts, addresses and, once, secrets: no cache on their way keeps them, and no browser takes them for a page.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var authorization = context.Request.Headers.Authorization.ToString();
        var principal = await database.AskAsync(session => session.AuthenticateAsync(authorization), context.RequestAborted)
            ?? throw new RefusedException(StatusCodes.Status401Unauthorized, "no-key", "send the header Authorization: Bearer KEY with a key that is not revoked (`payments key add` creates one)");
        // A page in a browser of this computer could have its own name lead here; one that has no key must be asked for by a name of the loopback.
        if (ReferenceEquals(principal, Principal.Local) && !IsLoopback(context))
            throw new RefusedException(StatusCodes.Status421MisdirectedRequest, "wrong-host", "without keys the service answers to localhost, 127.0.0.1 and [::1] only");
        // Nor may a page of another place ask by the right name: browsers send a POST without a body before they ask whether they may.
        if (ReferenceEquals(principal, Principal.Local) && context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
            throw new RefusedException(StatusCodes.Status403Forbidden, "other-site", "without keys the service does not answer pages of other sites");
        if (limits.Take(principal.Name) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            throw new RefusedException(StatusCodes.Status429TooManyRequests, "too-many-requests", $"the key {principal.Name} exceeds its limit of requests (--rate-limit); try again later");
        }

        context.Items[PrincipalItem] = principal;
        // PostgreSQL keeps no NUL in a text, and compares none with it.
        if (context.Request.Query.Any(parameter => parameter.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) is true)))
            throw new RefusedException(StatusCodes.Status400BadRequest, "bad-text", "the query has a NUL character");
        if (!principal.Scopes.HasFlag(scope))
            throw new RefusedException(StatusCodes.Status403Forbidden, "scope", $"the key {principal.Name} lacks the scope {scope.Name()}");
    }

    /// <summary>What was to change something, or was not allowed, is in the audit trail.</summary>
    private async Task RecordAsync(HttpContext context, string? problem)
    {
        var request = context.Request;
        if (context.Items[PrincipalItem] is not Principal principal || (HttpMethods.IsGet(request.Method) && context.Response.StatusCode != StatusCodes.Status403Forbidden))
            return;
        await trail.AddAsync(new AskedRequest
        {
            At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Key = principal.Name,
            Address = context.Connection.RemoteIpAddress?.ToString(),
            Method = request.Method,
            Path = Shortened(request.Path)!,
            IdempotencyKey = Shortened(request.Headers["Idempotency-Key"]),
            Status = context.Response.StatusCode,
            Problem = problem,
        });
    }

    /// <summary>Text that every database takes, whatever was sent: halves of a character, which the cut can leave too, and NUL are none.</summary>
    private static string? Shortened(string? text) => text is not { Length: > 0 } ? null
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length <= LongestText ? text : text[..LongestText])).Replace('\0', ' ');

    private static bool IsLoopback(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));

    private static Task UnmatchedAsync(HttpContext context) => context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? Problems.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "wrong-method", $"{context.Request.Path} takes {context.Response.Headers.Allow}")
        : Problems.WriteAsync(context, StatusCodes.Status404NotFound, "not-found", $"{context.Request.Path} is not a path of this service; /docs has them");
}
