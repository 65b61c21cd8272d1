using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Edge;

/// <summary>
/// The proxies that Envoy Gateway creates for each Gateway of its classes: a Deployment, a Service, and the settings of the EnvoyProxy object
/// (https://github.com/envoyproxy/gateway/tree/v1.9.0/internal/infrastructure/kubernetes/proxy, defaults in api/v1alpha1/shared_types.go).
/// </summary>
internal static partial class EnvoyFleet
{
    private const string Controller = "gateway.envoyproxy.io/gatewayclass-controller";
    private const int LongestName = 48;
    private const int DefaultDrainSeconds = 60, GraceAfterDrainSeconds = 300;

    private const string DefaultResources = "requests: {cpu: 100m, memory: 512Mi}";
    private const string ShutdownManager = """
        name: shutdown-manager
        resources: {requests: {cpu: 10m, memory: 32Mi}}
        startupProbe: {periodSeconds: 10}
        readinessProbe: {periodSeconds: 10}
        """;
    private const string Startup = "periodSeconds: 10", Readiness = "periodSeconds: 5";

    public static IEnumerable<KubernetesObject> Of(ChartRelease chart)
    {
        var classes = chart.Declared.Where(one => one.Kind == "GatewayClass" && one.Spec.At("controllerName").Text() == Controller)
            .ToDictionary(one => one.Name, StringComparer.Ordinal);
        foreach (var gateway in chart.Declared.Where(one => one.Kind == "Gateway"))
        {
            if (gateway.Spec.At("gatewayClassName").Text() is not { } name || !classes.TryGetValue(name, out var ofClass))
                continue;
            var parameters = gateway.Spec.At("infrastructure", "parametersRef") ?? ofClass.Spec.At("parametersRef");
            var proxy = ProxyOf(chart, parameters);
            foreach (var made in Proxies(gateway, proxy?.Spec, chart.Namespace))
                yield return made with { Urn = (proxy ?? gateway).Object.Urn };
        }
    }

    private static ClusterObject? ProxyOf(ChartRelease chart, PropertyValue? parameters) =>
        chart.Declared.FirstOrDefault(one => one.Kind == "EnvoyProxy" && one.Name == parameters.At("name").Text());

    private static IEnumerable<KubernetesObject> Proxies(ClusterObject gateway, PropertyValue? proxy, string @namespace)
    {
        var kubernetes = proxy.At("provider", "kubernetes");
        var settings = kubernetes.At("envoyDeployment");
        var name = settings.At("name").Text() ?? HashedName($"{gateway.Namespace}/{gateway.Name}");
        var labels = ObjectParts.Map(
            ("app.kubernetes.io/name", ObjectParts.Text("envoy")),
            ("app.kubernetes.io/component", ObjectParts.Text("proxy")),
            ("app.kubernetes.io/managed-by", ObjectParts.Text("envoy-gateway")),
            ("gateway.envoyproxy.io/owning-gateway-name", ObjectParts.Text(gateway.Name)),
            ("gateway.envoyproxy.io/owning-gateway-namespace", ObjectParts.Text(gateway.Namespace)));
        var pods = new ChartPods("Deployment", @namespace, name)
        {
            Labels = labels,
            Replicas = settings.At("replicas"),
            Strategy = settings.At("strategy"),
            Placement = settings.At("pod"),
            PriorityClass = settings.At("pod", "priorityClassName"),
            GraceSeconds = ObjectParts.Number(DrainSeconds(proxy) + GraceAfterDrainSeconds),
            Containers =
            [
                ObjectParts.Container(
                    "envoy", settings.At("container", "resources") ?? ObjectParts.Yaml(DefaultResources), ObjectParts.Yaml(Readiness), ObjectParts.Yaml(Startup)),
                ObjectParts.Yaml(ShutdownManager),
            ],
            InitContainers = settings.At("initContainers").Items(),
        }.ToObject();
        yield return pods with { Content = Patched(pods, settings.At("patch", "value")).Entries };
        if (kubernetes.At("envoyHpa") is { } scaler)
            yield return ChartObjects.Autoscaler(@namespace, name, scaler);
        if (kubernetes.At("envoyPDB") is { } budget)
            yield return ChartObjects.Budget(@namespace, name, labels, budget);
        yield return ChartObjects.Of("v1", "Service", @namespace, name, ObjectParts.Map(
            ("type", kubernetes.At("envoyService", "type") ?? ObjectParts.Text("LoadBalancer")), ("selector", labels)));
    }

    /// <summary>A strategic merge, for maps only.</summary>
    private static PropertyValue.Map Patched(KubernetesObject pods, PropertyValue? patch)
    {
        var content = new PropertyValue.Map(pods.Content);
        return patch is null ? content : (PropertyValue.Map)patch.Over(content);
    }

    private static int DrainSeconds(PropertyValue? proxy) =>
        proxy.At("shutdown", "drainTimeout").Text() is { } text && Seconds().Match(text) is { Success: true } match
            ? int.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture)
            : DefaultDrainSeconds;

    // As ExpectedResourceHashedName and GetHashedName in that repository.
    private static string HashedName(string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var plain = name.Replace('/', '-');
        return $"envoy-{(plain.Length > LongestName ? plain[..LongestName].TrimEnd('-') : plain)}-{hash}";
    }

    [GeneratedRegex(@"^(?<seconds>[0-9]+)s\z")]
    private static partial Regex Seconds();
}
