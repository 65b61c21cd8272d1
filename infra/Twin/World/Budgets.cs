using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>The status of budgets and quotas.</summary>
internal sealed class Budgets(World world)
{
    private ObjectStore Store => world.Store;

    /// <param name="namespaces">Those whose pods changed; null for all.</param>
    public void Show(IReadOnlySet<string>? namespaces)
    {
        if (namespaces is { Count: 0 })
            return;
        var budgets = world.Run.Model.Budgets;
        for (var at = 0; at < budgets.Length; at++)
        {
            var budget = budgets[at];
            if (namespaces is not null && !namespaces.Contains(budget.Namespace))
                continue;
            var (healthy, needed, expected) = world.Run.HealthOf(at);
            Change("poddisruptionbudgets.policy", budget.Namespace, budget.Name, value =>
            {
                var status = Json.Map(
                    ("observedGeneration", (long?)value["metadata"]?["generation"] ?? 1), ("currentHealthy", healthy), ("desiredHealthy", needed), ("expectedPods", expected),
                    ("disruptionsAllowed", Math.Max(0, healthy - needed)));
                if (value["status"]?["conditions"] is { } conditions)
                    status["conditions"] = conditions.DeepClone();
                value["status"] = status;
            });
        }

        foreach (var (quota, used) in world.Run.QuotaUse.ToList())
        {
            if (namespaces is not null && !namespaces.Contains(quota.Namespace))
                continue;
            Change("resourcequotas", quota.Namespace, quota.Name, value =>
            {
                var hard = value["spec"]?["hard"]?.AsObject() ?? [];
                value["status"] = Json.Map(
                    ("hard", hard.DeepClone()),
                    ("used", Json.Map(hard.Select(limit => KeyValuePair.Create(limit.Key, Amount(limit.Key, Counted(quota, limit.Key, used)))))));
            });
        }
    }

    /// <summary>Objects other than pods and claims are counted in the store.</summary>
    private decimal Counted(NamespaceQuota quota, string name, IReadOnlyDictionary<string, decimal> used)
    {
        if (used.GetValueOrDefault(name) is not 0m and var amount)
            return amount;
        var services = () => Store.List(Store.Kinds["services"], quota.Namespace).Items;
        return name switch
        {
            "services" or "count/services" => services().Count,
            "services.loadbalancers" => services().Count(service => service.Text("spec", "type") == "LoadBalancer"),
            "services.nodeports" => services().Count(service => service.Text("spec", "type") is "NodePort" or "LoadBalancer"),
            "configmaps" or "count/configmaps" => Store.List(Store.Kinds["configmaps"], quota.Namespace).Items.Count,
            "secrets" or "count/secrets" => Store.List(Store.Kinds["secrets"], quota.Namespace).Items.Count,
            _ => 0,
        };
    }

    /// <summary>As Kubernetes writes quantities.</summary>
    private static string Amount(string name, decimal amount)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (!QuotaUse.IsBytes(name))
            return amount == Math.Floor(amount) ? amount.ToString("0", culture) : $"{(amount * 1000).ToString("0", culture)}m";
        const decimal Mebi = 1024m * 1024;
        return amount % (Mebi * 1024) == 0 && amount > 0 ? $"{(amount / (Mebi * 1024)).ToString("0", culture)}Gi"
            : amount % Mebi == 0 && amount > 0 ? $"{(amount / Mebi).ToString("0", culture)}Mi"
            : amount.ToString("0", culture);
    }

    private void Change(string resource, string @namespace, string name, Action<JsonObject> change)
    {
        if (Store.Change(Store.Kinds[resource], @namespace, name, change) is { } written)
            world.Records.Wrote(written);
    }
}
