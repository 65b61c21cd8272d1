using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Elastic;

/// <summary>What shippers ask before they send: which product and version, which licence, whether it is healthy.</summary>
internal sealed class ElasticPages(StreamLogs logs)
{
    // The version of the interface that is imitated: Filebeat compares it with its own.
    private const string Root = """
        {"name":"ledger","cluster_name":"ledger","cluster_uuid":"ledger","version":{"number":"8.19.0","build_flavor":"default","build_type":"docker","build_hash":"0000000000000000000000000000000000000000","build_date":"2025-07-01T00:00:00.000Z","build_snapshot":false,"lucene_version":"9.12.2","minimum_wire_compatibility_version":"7.17.0","minimum_index_compatibility_version":"7.0.0"},"tagline":"You Know, for Search"}
        """;

    private const string License = """
        {"license":{"status":"active","uid":"00000000-0000-0000-0000-000000000000","type":"basic","issue_date":"2025-01-01T00:00:00.000Z","issue_date_in_millis":1735689600000,"max_nodes":1000,"issued_to":"ledger","issuer":"ledger","start_date_in_millis":-1}}
        """;

    public static Task RootAsync(Exchange exchange) => JsonAsync(exchange, Root);

    public static Task LicenseAsync(Exchange exchange) => JsonAsync(exchange, License);

    /// <exception cref="UnavailableException">Records cannot be stored now.</exception>
    public Task HealthAsync(Exchange exchange) => logs.Trouble is { } trouble
        ? throw new UnavailableException(trouble)
        : JsonAsync(exchange, """{"cluster_name":"ledger","status":"green","timed_out":false,"number_of_nodes":1,"number_of_data_nodes":1}""");

    private static Task JsonAsync(Exchange exchange, string json)
    {
        exchange.Response.ContentType = "application/json";
        return exchange.Response.WriteAsync(json, exchange.Context.RequestAborted);
    }
}
