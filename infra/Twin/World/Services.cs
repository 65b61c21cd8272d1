using System.Text.Json.Nodes;
using HaCluster.Simulation.Running.Status;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>Addresses of Services, and the endpoints behind them. A pod in a zone that is shifted away is not listed.</summary>
internal sealed class Services(World world)
{
    private readonly Dictionary<(string Namespace, string Name), string> _shown = [];

    private ObjectStore Store => world.Store;

    /// <summary>What the API server and the load balancer controller add to a Service.</summary>
    public static void Complete(JsonObject spec, string @namespace, string name)
    {
        var number = Convert.ToInt32(Ids.Hex($"{@namespace}/{name}", 4), 16);
        if ((string?)spec["clusterIP"] is null && (string?)spec["type"] != "ExternalName")
            spec["clusterIP"] = $"172.20.{number >> 8}.{number & 255}";
        spec["type"] ??= "ClusterIP";
        foreach (var port in (spec["ports"] as JsonArray)?.OfType<JsonObject>() ?? [])
            port["protocol"] ??= "TCP";
    }

    /// <param name="namespaces">Those whose pods changed; null for all.</param>
    public void Show(IReadOnlySet<string>? namespaces)
    {
        if (namespaces is { Count: 0 })
            return;
        var kind = Store.Kinds["services"];
        foreach (var service in Store.List(kind).Items)
        {
            if ((namespaces is null || namespaces.Contains(service.Namespace!)) && !service.IsDeleting)
                Show(service);
        }
    }

    private void Show(StoredObject service)
    {
        if (service.Text("spec", "type") == "LoadBalancer" && service.Find("status", "loadBalancer", "ingress") is null)
            Balance(service);
        if (service.Find("spec", "selector") is not { ValueKind: System.Text.Json.JsonValueKind.Object } selector || !selector.EnumerateObject().Any())
            return;
        var wanted = selector.EnumerateObject().Select(one => (one.Name, Value: one.Value.GetString())).ToList();
        var ports = (service.ToJson()["spec"]?["ports"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var listed = new JsonArray();
        var (ready, notReady) = (new JsonArray(), new JsonArray());
        foreach (var record in world.Records.All.Where(record => record.Workload.Namespace == service.Namespace))
        {
            foreach (var (pod, live) in record.Live)
            {
                if (live.Shown is not { Node: not null } shown || !wanted.All(one => pod.Spec.Labels.GetValueOrDefault(one.Name) == one.Value)
                    || world.Run.ShiftedZones.Contains(shown.Zone) || shown.Stage is PodStage.Waiting or PodStage.Attaching)
                    continue;
                var isReady = shown.IsReady && !shown.IsTerminating;
                var target = Json.Map(("kind", "Pod"), ("namespace", pod.Namespace), ("name", pod.Name), ("uid", Store.Find(Store.Kinds["pods"], pod.Namespace, pod.Name)?.Uid));
                listed.Add(Json.Map(
                    ("addresses", new JsonArray(live.Address)),
                    ("conditions", Json.Map(("ready", isReady), ("serving", shown.IsReady), ("terminating", shown.IsTerminating))),
                    ("nodeName", shown.Node), ("zone", shown.Zone), ("targetRef", target)));
                (isReady ? ready : notReady).Add(Json.Map(("ip", live.Address), ("nodeName", shown.Node), ("targetRef", target.DeepClone())));
            }
        }

        var text = listed.ToJsonString();
        if (_shown.GetValueOrDefault((service.Namespace!, service.Name)) == text)
            return;
        _shown[(service.Namespace!, service.Name)] = text;
        var owner = new JsonArray(PodObjects.Owner(service));
        var slice = Json.Map(
            ("addressType", "IPv4"), ("endpoints", listed), ("ports", Json.List(ports.Select(port => Json.Map(
                ("name", (string?)port["name"] ?? ""), ("protocol", (string?)port["protocol"] ?? "TCP"), ("port", Target(port)))))));
        Put("endpointslices.discovery.k8s.io", service, $"{service.Name}-{Ids.Hex(service.Uid, 5)}", slice, Json.Map(
            ("kubernetes.io/service-name", service.Name), ("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")), owner);
        var subset = Json.Map(
            ("addresses", ready.Count > 0 ? ready : null), ("notReadyAddresses", notReady.Count > 0 ? notReady : null), ("ports", Json.List(ports.Select(port => Json.Map(
                ("name", (string?)port["name"]), ("protocol", (string?)port["protocol"] ?? "TCP"), ("port", Target(port)))))));
        Put("endpoints", service, service.Name, Json.Map(("subsets", ready.Count + notReady.Count > 0 ? new JsonArray(subset) : new JsonArray())), [], null);
    }

    /// <summary>A named port is that of the container; here the number of the Service serves.</summary>
    private static int Target(JsonObject port) => port["targetPort"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : (int?)port["port"] ?? 0;

    private void Balance(StoredObject service)
    {
        var name = $"k8s-{service.Namespace}-{service.Name}-{Ids.Hex(service.Uid, 10)}";
        if (Store.Change(service.Kind, service.Namespace, service.Name, value => value.Member("status")["loadBalancer"] = Json.Map(("ingress", new JsonArray(Json.Map(
            ("hostname", $"{name}.elb.{Fleet.RegionOf(world.Plan.Model.Zones.FirstOrDefault() ?? "local")}.amazonaws.com")))))) is { } written)
            world.Records.Wrote(written);
    }

    private void Put(string resource, StoredObject service, string name, JsonObject content, JsonObject labels, JsonArray? owner)
    {
        var kind = Store.Kinds[resource];
        if (Store.Find(kind, service.Namespace, name) is null)
        {
            content["metadata"] = Json.Map(("name", name), ("namespace", service.Namespace), ("labels", labels), ("ownerReferences", owner));
            world.Records.Wrote(Store.Create(kind, content));
        }
        else if (Store.Change(kind, service.Namespace, name, value =>
        {
            foreach (var (member, node) in content)
                value[member] = node?.DeepClone();
        }) is { } written)
        {
            world.Records.Wrote(written);
        }
    }
}
