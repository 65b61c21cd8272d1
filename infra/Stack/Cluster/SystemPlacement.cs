using System.Text.Json.Nodes;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Cluster;

/// <summary>Where the parts of an add-on run: on system nodes, one per zone before two in any.</summary>
internal static class SystemPlacement
{
    public static JsonObject NodeSelector() => new() { [NodePool.Label] = NodePool.System };

    public static JsonArray Tolerations() => new(new JsonObject { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" });

    /// <summary>Spread of a Deployment by zone and by node; <paramref name="labels"/> choose the pods that are counted, of one release each.</summary>
    public static JsonArray Spread(params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var spread = new JsonArray();
        foreach (var topology in new[] { "topology.kubernetes.io/zone", "kubernetes.io/hostname" })
        {
            // "Anyway": while a zone is lost, two in one zone are better than one pending.
            var constraint = new JsonObject
            {
                ["maxSkew"] = 1,
                ["topologyKey"] = topology,
                ["whenUnsatisfiable"] = "ScheduleAnyway",
                ["matchLabelKeys"] = new JsonArray(ZoneSpread.ReleaseLabel),
            };
            if (!labels.IsEmpty)
            {
                var match = new JsonObject();
                foreach (var (key, value) in labels)
                    match[key] = value;
                constraint["labelSelector"] = new JsonObject { ["matchLabels"] = match };
            }

            spread.Add((JsonNode)constraint);
        }

        return spread;
    }
}
