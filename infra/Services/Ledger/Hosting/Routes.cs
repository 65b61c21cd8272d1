using System.Collections.Immutable;
using HaCluster.Ledger.Elastic;
using HaCluster.Ledger.Reading;
using HaCluster.Ledger.Serving;
using HaCluster.Services;

namespace HaCluster.Ledger.Hosting;

/// <summary>The HTTP interface: README.md has it as a table.</summary>
internal static class Routes
{
    public static ImmutableArray<Route> Of(
        Receiver receiver, BulkReceiver bulk, ElasticPages elastic, StreamPages streams, RecordPages records, Exports exports, DeadLetterPages deadLetters,
        VerificationPages verifications, Probes probes) =>
    [
        new(HttpMethods.Post, "/v1/records", receiver.StoreAsync),
        new(HttpMethods.Get, "/v1/records", records.SearchAsync),
        new(HttpMethods.Get, "/v1/records/export", exports.ExportAsync),
        new(HttpMethods.Get, "/v1/dead-letters", deadLetters.ListAsync),
        new(HttpMethods.Post, "/v1/dead-letters/replay", deadLetters.ReplayAsync),
        new(HttpMethods.Get, "/v1/streams/{name}", streams.StreamAsync),
        new(HttpMethods.Get, "/v1/streams/{name}/checkpoint", streams.CheckpointAsync),
        new(HttpMethods.Post, "/v1/streams/{name}/verification", verifications.RequestAsync),
        new(HttpMethods.Get, "/v1/streams/{name}/verification", verifications.ShowAsync),
        Elastic(HttpMethods.Post, "/_bulk", bulk.StoreAsync),
        Elastic(HttpMethods.Put, "/_bulk", bulk.StoreAsync),
        Elastic(HttpMethods.Post, "/{name}/_bulk", bulk.StoreAsync),
        Elastic(HttpMethods.Put, "/{name}/_bulk", bulk.StoreAsync),
        Elastic(HttpMethods.Get, "/", ElasticPages.RootAsync),
        Elastic(HttpMethods.Get, "/_license", ElasticPages.LicenseAsync),
        Elastic(HttpMethods.Get, "/_cat/health", elastic.HealthAsync),
        Elastic(HttpMethods.Get, "/_cluster/health", elastic.HealthAsync),
        new(HttpMethods.Get, OpenApiPages.DocumentPath, exchange => OpenApiPages.DocumentAsync(exchange.Context)) { IsOpen = true },
        new(HttpMethods.Get, "/live", Probes.LiveAsync) { IsOpen = true },
        new(HttpMethods.Get, "/ready", probes.ReadyAsync) { IsOpen = true },
        new(HttpMethods.Get, "/metrics", probes.MetricsAsync) { IsOpen = true },
    ];

    private static Route Elastic(string method, string path, Func<Exchange, Task> answer) =>
        new(method, path, ElasticAnswers.Marked(answer)) { WriteFaultAsync = ElasticAnswers.FaultAsync, Challenge = "Basic realm=\"ledger\"" };
}
