using System.Diagnostics;
using HaCluster.Payments.Metrics;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HaCluster.Payments.Tracing;

/// <summary>Traces and metrics for an OpenTelemetry collector. Traces: requests, rounds of workers, and in them calls of nodes, webhooks and PostgreSQL, which .NET and Npgsql tell of by themselves.</summary>
internal static class Traces
{
    public const string Name = "HaCluster.Payments";

    /// <summary>Costs nothing while nobody listens.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Names the trace of a request by its route, as https://opentelemetry.io/docs/specs/semconv/http/http-spans/ does: ids in the path would be names of their own.</summary>
    public static void Describe(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } activity)
            return;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        activity.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        activity.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
    }

    /// <param name="collector">Takes OTLP over HTTP, such as http://127.0.0.1:4318.</param>
    /// <returns>Sends until it is disposed of.</returns>
    public static IDisposable Send(Uri collector, string version) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("payments", serviceVersion: version))
        .AddSource(Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
        .AddProcessor(new HostsOnly())
        .AddOtlpExporter(exporter => Lead(exporter, collector, "/v1/traces"))
        .Build();

    /// <summary>The metrics of <c>/metrics</c>, and those of .NET, ASP.NET Core and Npgsql, once per minute and at the end.</summary>
    /// <inheritdoc cref="Send"/>
    public static IDisposable SendMetrics(Uri collector, string version) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("payments", serviceVersion: version))
        .AddMeter(MetricSet.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql")
        .AddOtlpExporter(exporter => Lead(exporter, collector, "/v1/metrics"))
        .Build();

    private static void Lead(OtlpExporterOptions exporter, Uri collector, string path) => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, path));

    /// <summary>Of calls only the host is told: paths of webhooks and of hosted nodes are often secrets.</summary>
    private sealed class HostsOnly : BaseProcessor<Activity>
    {
        private const string Url = "url.full";

        public override void OnEnd(Activity data)
        {
            if (data.GetTagItem(Url) is string text && Uri.TryCreate(text, UriKind.Absolute, out var url))
                data.SetTag(Url, url.GetLeftPart(UriPartial.Authority));
        }
    }
}
