using System.Text.Json.Nodes;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>A service of the cluster that writes to the finance log. It is known by its certificate of the cluster's own authority, so there is no token to keep.</summary>
/// <param name="Name">In the finance log; a producer of the users may not have the same.</param>
/// <param name="Host">DNS name in its certificate.</param>
/// <param name="Stream">The only one that it may write to.</param>
public sealed record FinanceProducer(string Name, string Host, string Stream);

/// <summary>The file of producers (infra/Services/Ledger/README.md) with those that the stack itself declares, beside that of the users.</summary>
internal static class FinanceProducers
{
    public static string Json(IEnumerable<FinanceProducer> producers) => new JsonObject
    {
        ["producers"] = new JsonArray([.. producers.Select(producer => new JsonObject
        {
            ["name"] = producer.Name,
            ["certificate"] = new JsonObject { ["dns"] = producer.Host },
            ["streams"] = new JsonArray(producer.Stream),
        })]),
    }.ToJsonString();
}
