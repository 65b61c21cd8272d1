using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of services and what leads to them.</summary>
internal static class NetworkColumns
{
    public static TableColumn[] Services { get; } =
    [
        ObjectName, new("Type", value => value.Text("spec", "type") ?? "ClusterIP"), new("Cluster-IP", value => value.Text("spec", "clusterIP") is { Length: > 0 } ip ? ip : "<none>"),
        new("External-IP", ExternalAddress), new("Port(s)", Ports), Age, Wide("Selector", value => TableColumns.Pairs(value.Find("spec", "selector"))),
    ];

    public static TableColumn[] Endpoints { get; } =
    [
        ObjectName, new("Endpoints", value => Join(Items(value.Find("subsets")).SelectMany(Addresses))), Age,
    ];

    public static TableColumn[] EndpointSlices { get; } =
    [
        ObjectName, Text("AddressType", "addressType"), new("Ports", value => Join(Items(value.Find("ports")).Select(port => Field(port, "port")))),
        new("Endpoints", value => Join(Items(value.Find("endpoints")).SelectMany(endpoint => Items(endpoint.GetProperty("addresses"))).Select(address => address.GetString()!))), Age,
    ];

    public static TableColumn[] Ingresses { get; } =
    [
        ObjectName, new("Class", value => value.Text("spec", "ingressClassName") ?? "<none>"),
        new("Hosts", value => Items(value.Find("spec", "rules")).Select(rule => Field(rule, "host")).Where(host => host.Length > 0).ToList() is { Count: > 0 } hosts ? Join(hosts) : "*"),
        new("Address", value => string.Join(',', Balancers(value))), new("Ports", value => value.Find("spec", "tls") is null ? "80" : "80, 443"), Age,
    ];

    private static string ExternalAddress(StoredObject service)
    {
        var balancers = Balancers(service).ToList();
        return service.Text("spec", "type") switch
        {
            "LoadBalancer" => balancers.Count > 0 ? string.Join(',', balancers) : "<pending>",
            "ExternalName" => service.Text("spec", "externalName") ?? "<none>",
            _ => Items(service.Find("spec", "externalIPs")).Select(ip => ip.GetString()!).ToList() is { Count: > 0 } ips ? string.Join(',', ips) : "<none>",
        };
    }

    private static IEnumerable<string> Balancers(StoredObject value) =>
        Items(value.Find("status", "loadBalancer", "ingress")).Select(entry => Field(entry, "ip") is { Length: > 0 } ip ? ip : Field(entry, "hostname"));

    private static string Ports(StoredObject service)
    {
        var ports = Items(service.Find("spec", "ports")).Select(port => Field(port, "nodePort") is { Length: > 0 } node and not "0"
            ? $"{Field(port, "port")}:{node}/{Protocol(port)}"
            : $"{Field(port, "port")}/{Protocol(port)}").ToList();
        return ports.Count == 0 ? "<none>" : string.Join(',', ports);
    }

    private static IEnumerable<string> Addresses(JsonElement subset) =>
        from address in Items(subset.TryGetProperty("addresses", out var addresses) ? addresses : null)
        from port in Items(subset.TryGetProperty("ports", out var ports) ? ports : null)
        select $"{Field(address, "ip")}:{Field(port, "port")}";

    private static string Protocol(JsonElement port) => Field(port, "protocol") is { Length: > 0 } protocol ? protocol : "TCP";

    // Three and a count, as kubectl shows endpoints.
    private static string Join(IEnumerable<string> values)
    {
        var all = values.ToList();
        return all.Count == 0 ? "<none>" : all.Count <= 3 ? string.Join(',', all) : $"{string.Join(',', all.Take(3))} + {all.Count - 3} more...";
    }

    private static IEnumerable<JsonElement> Items(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    private static string Field(JsonElement value, string name) => TableColumns.Scalar(value.TryGetProperty(name, out var found) ? found : null, "");
}
