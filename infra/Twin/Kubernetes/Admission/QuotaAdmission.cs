using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;
using k8s.Models;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>
/// Refuses what a ResourceQuota does not allow, and keeps each quota's status: https://kubernetes.io/docs/concepts/policy/resource-quotas/
/// Runs under the store's lock, so two creations cannot share the last of a quota, and what a deleted pod used is free at once.
/// </summary>
internal sealed class QuotaAdmission : IAdmission
{
    public void Admit(AdmissionRequest request)
    {
        if (request.Object is not { } value || request.Operation == AdmissionOperation.Delete || !request.Kind.Namespaced)
            return;
        var @namespace = value["metadata"]!["namespace"].AsText();
        var quotas = request.Store.List(Quotas(request.Store), @namespace).Items;
        if (quotas.Count == 0)
            return;
        var next = JsonSerializer.SerializeToElement(value);
        var name = value["metadata"]!["name"].AsText() ?? "";
        foreach (var quota in quotas)
        {
            var wanted = Counted(quota, request.Kind, next);
            var hard = HardLimits(quota);
            if (request.Operation == AdmissionOperation.Create && request.Kind is { Group: "", Plural: "pods" } && QuotaScope.Covers(quota, request.Kind, next))
                RequireDeclared(quota, hard, next, name, request.Kind);
            var had = request.Old is { } old ? Counted(quota, request.Kind, old.Root) : [];
            RequireRoom(quota, hard, had, wanted, name, request.Kind);
        }
    }

    public void Follow(ObjectStore store, WatchEvent change)
    {
        var (kind, next, old) = (change.Object.Kind, change.Object, change.Old);
        if (kind is { Group: "", Plural: "resourcequotas" })
        {
            if (change.Type != WatchEventType.Deleted && (old is null || !SameHard(old, next)))
                Recount(store, next);
            return;
        }
        if (next.Namespace is not { } @namespace)
            return;
        foreach (var quota in store.List(Quotas(store), @namespace).Items)
        {
            var before = old is null ? [] : Counted(quota, kind, old.Root);
            var after = change.Type == WatchEventType.Deleted ? [] : Counted(quota, kind, next.Root);
            if (before.Count == 0 && after.Count == 0)
                continue;
            var used = Used(quota);
            foreach (var resource in used.Keys.ToList())
                used[resource] += after.GetValueOrDefault(resource) - before.GetValueOrDefault(resource);
            WriteStatus(store, quota, used);
        }
    }

    private static void Recount(ObjectStore store, StoredObject quota)
    {
        var used = HardLimits(quota).ToDictionary(pair => pair.Key, _ => 0m);
        foreach (var kind in store.Kinds.All.Where(kind => kind.Namespaced && !kind.IsVirtual).DistinctBy(kind => kind.Resource))
        {
            if (!QuotaUsage.IsCounted(kind, used.Keys))
                continue;
            foreach (var item in store.List(kind, quota.Namespace).Items)
            {
                foreach (var (resource, amount) in Counted(quota, kind, item.Root).Where(pair => used.ContainsKey(pair.Key)))
                    used[resource] += amount;
            }
        }
        WriteStatus(store, quota, used);
    }

    private static void WriteStatus(ObjectStore store, StoredObject quota, Dictionary<string, decimal> used) => store.Change(quota.Kind, quota.Namespace, quota.Name, copy =>
    {
        var hard = copy["spec"]?["hard"] as JsonObject ?? [];
        copy["status"] = new JsonObject
        {
            ["hard"] = hard.DeepClone(),
            ["used"] = new JsonObject(hard.Select(limit => KeyValuePair.Create(limit.Key, (JsonNode?)Text(used.GetValueOrDefault(limit.Key), limit.Value!.ToString())))),
        };
    });

    // https://github.com/kubernetes/apiserver/blob/master/pkg/admission/plugin/resourcequota/controller.go (CheckRequest)
    private static void RequireRoom(StoredObject quota, Dictionary<string, string> hard, Dictionary<string, decimal> had, Dictionary<string, decimal> wanted, string name, ResourceKind kind)
    {
        var used = Used(quota);
        var exceeded = hard.Where(limit => wanted.GetValueOrDefault(limit.Key) - had.GetValueOrDefault(limit.Key) is > 0 and var more
            && used.GetValueOrDefault(limit.Key) + more > Value(limit.Value)).OrderBy(limit => limit.Key, StringComparer.Ordinal).ToList();
        if (exceeded.Count == 0)
            return;
        string Show(Func<string, decimal> amount) => string.Join(',', exceeded.Select(limit => $"{limit.Key}={Text(amount(limit.Key), limit.Value)}"));
        throw StatusException.Forbidden(kind, name,
            $"exceeded quota: {quota.Name}, requested: {Show(key => wanted[key] - had.GetValueOrDefault(key))}, used: {Show(key => used.GetValueOrDefault(key))}, limited: {Show(key => Value(hard[key]))}");
    }

    // https://github.com/kubernetes/kubernetes/blob/master/pkg/quota/v1/evaluator/core/pods.go (Constraints)
    private static void RequireDeclared(StoredObject quota, Dictionary<string, string> hard, JsonElement pod, string name, ResourceKind kind)
    {
        var missing = hard.Keys.Order(StringComparer.Ordinal)
            .Select(resource => (resource, containers: QuotaUsage.ContainersWithout(pod, resource)))
            .Where(pair => pair.containers.Count > 0)
            .Select(pair => $"{pair.resource} for: {string.Join(',', pair.containers)}").ToList();
        if (missing.Count > 0)
            throw StatusException.Forbidden(kind, name, $"failed quota: {quota.Name}: must specify {string.Join("; ", missing)}");
    }

    private static Dictionary<string, decimal> Counted(StoredObject quota, ResourceKind kind, JsonElement value) =>
        QuotaScope.Covers(quota, kind, value) ? QuotaUsage.Of(kind, value) : [];

    private static Dictionary<string, string> HardLimits(StoredObject quota) => quota.Find("spec", "hard") is { ValueKind: JsonValueKind.Object } hard
        ? hard.EnumerateObject().ToDictionary(limit => limit.Name, limit => limit.Value.ToString())
        : [];

    private static Dictionary<string, decimal> Used(StoredObject quota) =>
        HardLimits(quota).Keys.ToDictionary(resource => resource, resource => quota.Find("status", "used", resource) is { } amount ? Value(amount.ToString()) : 0);

    private static bool SameHard(StoredObject old, StoredObject next) => HardLimits(old).OrderBy(pair => pair.Key).SequenceEqual(HardLimits(next).OrderBy(pair => pair.Key));

    private static decimal Value(string quantity) => new ResourceQuantity(quantity).ToDecimal();

    // In the unit in which the limit is written.
    private static string Text(decimal amount, string limit) => new ResourceQuantity(amount, 0, new ResourceQuantity(limit).Format).ToString();

    private static ResourceKind Quotas(ObjectStore store) => store.Kinds["resourcequotas"];
}
