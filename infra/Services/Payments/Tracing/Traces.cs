using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HaCluster.Payments.Tracing;

/// <summary>Traces for an OpenTelemetry collector: requests, rounds of workers, and in them calls of nodes, webhooks and PostgreSQL, which .NET and Npgsql tell of by themselves.</summary>
internal static class Traces
{
    public const string Name = "HaCluster.Payments";

    /// <summary>Costs nothing while nobody listens.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <param name="collector">Takes OTLP over HTTP, such as http://127.0.0.1:4318.</param>
    /// <returns>Sends until it is disposed of.</returns>
    public static IDisposable Send(Uri collector, string version) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("payments", serviceVersion: version))
        .AddSource(Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
        .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, "/v1/traces")))
        .Build();
}
