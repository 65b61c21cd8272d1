using System.Collections.Immutable;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tls;
using Microsoft.Net.Http.Headers;

namespace HaCluster.Ledger.Hosting;

/// <summary>Finds who asks for what, lets the route answer, turns what it throws into problem documents, and counts.</summary>
/// <remarks>
/// Not the routing of minimal APIs: shippers for Elasticsearch take faults in its form only, also for a producer that is not known, and unknown paths and methods are counted and explained like all else that is refused.
/// </remarks>
internal sealed class Router(ServeOptions options, ImmutableArray<Route> routes, LedgerMetrics metrics, TimeProvider clock)
{
    private readonly string _known = string.Join(", ", routes.Select(route => route.Path.Replace("{name}", "NAME", StringComparison.Ordinal)).Distinct());

    public async Task AnswerAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        var hasStored = false;
        try
        {
            hasStored = await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        metrics.Answered(context.Response.StatusCode, hasStored ? clock.GetElapsedTime(start) : null);
    }

    /// <returns>Whether the answer says that records are stored.</returns>
    private async Task<bool> RouteAsync(HttpContext context)
    {
        if (options.Producers.Current.IsAnyone && !IsLoopback(context.Request.Host.Host))
        {
            // A page in a browser of this computer could have its own name lead here.
            await Problems.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "wrong-host", "Request refused", "without producers the service answers to localhost, 127.0.0.1 and [::1] only");
            return false;
        }

        var path = context.Request.Path.Value ?? "";
        string? methods = null;
        foreach (var route in routes)
        {
            if (route.Match(path) is not { } name)
                continue;
            if (!route.Takes(context.Request.Method))
            {
                methods = methods is null ? route.Method : $"{methods}, {route.Method}";
                continue;
            }

            if (!route.IsOpen && IsOfOtherSite(context))
            {
                await route.WriteFaultAsync(context, StatusCodes.Status403Forbidden, "other-site", "Request refused", "without producers the service does not answer pages of other sites");
                return false;
            }

            Producer? producer = null;
            if (!route.IsOpen && (producer = await AuthenticateAsync(route, context)) is null)
                return false;
            var exchange = new Exchange(context, name, producer);
            await GuardAsync(route, exchange);
            return exchange.HasStored;
        }

        if (methods is null)
        {
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "not-found", "Not found", $"known are {_known}");
            return false;
        }

        context.Response.Headers.Allow = methods;
        await Problems.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "wrong-method", "The method is not allowed", $"{path} takes {methods}");
        return false;
    }

    private async Task GuardAsync(Route route, Exchange exchange)
    {
        const string Refused = "Request refused; nothing was stored";
        var context = exchange.Context;
        try
        {
            await route.AnswerAsync(exchange);
        }
        catch (RejectedException exception)
        {
            metrics.Rejected(exception.Code, 1);
            await route.WriteFaultAsync(context, exception.Status, exception.Code, Refused, exception.Message);
        }
        catch (UnavailableException exception)
        {
            await route.WriteFaultAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Records cannot be acknowledged now; send them again", exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            // Too slow, too large, cut off: Kestrel closes the connection after this.
            var isTooLarge = exception.StatusCode == StatusCodes.Status413PayloadTooLarge;
            var code = isTooLarge ? "too-large" : "bad-request";
            metrics.Rejected(code, 1);
            await route.WriteFaultAsync(
                context, exception.StatusCode, code, Refused, isTooLarge ? $"the body has more than {options.LargestRequest} bytes; send fewer records at once" : exception.Message);
        }
    }

    private async Task<Producer?> AuthenticateAsync(Route route, HttpContext context)
    {
        var (producer, reason) = Identify(context);
        if (producer is not null)
            return producer;
        metrics.Rejected("unknown-producer", 1);
        context.Response.Headers.WWWAuthenticate = route.Challenge;
        await route.WriteFaultAsync(context, StatusCodes.Status401Unauthorized, "unknown-producer", "The producer is not known", reason);
        return null;
    }

    private (Producer? Producer, string Reason) Identify(HttpContext context)
    {
        var producers = options.Producers.Current;
        var certificate = context.Features.Get<PeerCertificate>();
        // A wrong certificate is refused also beside a right token: whoever sends one means it.
        if (certificate is { Fault: { } fault })
            return (null, $"the client certificate {fault}");
        if (certificate is not null && certificate.NotAfter < clock.GetUtcNow())
            return (null, "the client certificate has expired since the connection began");
        if (certificate is not null && !context.Request.Headers.ContainsKey(HeaderNames.Authorization))
            return (producers.FindBy(certificate), $"the client certificate ({certificate.Subject}) is not that of exactly one entry of the file of producers");
        return (
            producers.Find(context.Request.Headers.Authorization is [var header] ? header : null),
            $"send Authorization: Bearer TOKEN with a token of the file of producers{(options.ClientAuthority is null ? "" : ", or a client certificate")}");
    }

    /// <summary>Browsers send what needs no body and no content type for any page before they ask whether it may: a search is a record, too.</summary>
    private bool IsOfOtherSite(HttpContext context) => options.Producers.Current.IsAnyone && context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "";
}
