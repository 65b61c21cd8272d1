using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Pods;

/// <summary>The pod that a resource states: its own, or the template it makes pods from.</summary>
/// <param name="Spec">Null when the resource leaves it out, or it is not known yet.</param>
internal sealed record DeclaredPods(ResourceNode Resource, string Namespace, PropertyValue? Spec)
{
    private const string EnvoyProxy = "EnvoyProxy";

    /// <summary>With init containers, each with its name.</summary>
    public IEnumerable<(string Name, PropertyValue Container)> Containers =>
        Spec.At("initContainers").Items().Concat(Spec.At("containers").Items())
            .Select(container => (container.At("name").Text() ?? "unnamed", container));

    public static ImmutableArray<DeclaredPods> Of(PolicyGraph graph) =>
        [.. graph.Resources.Where(resource => IsPodMaker(resource.Type)).Select(resource =>
            new DeclaredPods(resource, PolicyGraph.NamespaceOf(resource), SpecOf(resource)))];

    /// <summary>Whether the resource states pods in a form that is known here.</summary>
    public static bool IsPodMaker(string type) => type switch
    {
        "kubernetes:core/v1:Pod" or "kubernetes:batch/v1:Job" or "kubernetes:batch/v1:CronJob" => true,
        "kubernetes:apps/v1:Deployment" or "kubernetes:apps/v1:StatefulSet" or "kubernetes:apps/v1:DaemonSet"
            or "kubernetes:apps/v1:ReplicaSet" => true,
        _ => IsEnvoyProxy(type),
    };

    /// <summary>The proxies of a gateway: https://gateway.envoyproxy.io/docs/api/extension_types/#envoyproxy.</summary>
    public static bool IsEnvoyProxy(string type) =>
        type.StartsWith("kubernetes:gateway.envoyproxy.io/", StringComparison.Ordinal)
        && type.EndsWith(":" + EnvoyProxy, StringComparison.Ordinal);

    private static PropertyValue? SpecOf(ResourceNode resource)
    {
        var spec = resource.Inputs.At("spec");
        return resource.Type switch
        {
            "kubernetes:core/v1:Pod" => spec,
            "kubernetes:batch/v1:CronJob" => spec.At("jobTemplate", "spec", "template", "spec"),
            var type when IsEnvoyProxy(type) => EnvoyPod(spec.At("provider", "kubernetes", "envoyDeployment")),
            _ => spec.At("template", "spec"),
        };
    }

    /// <summary>It names the one container of its pods beside the pod.</summary>
    private static PropertyValue? EnvoyPod(PropertyValue? deployment)
    {
        if (deployment.At("container") is not PropertyValue.Map container)
            return deployment.At("pod");
        var named = new PropertyValue.Map(container.Entries.SetItem("name", new PropertyValue.Text("envoy")));
        var pod = (deployment.At("pod") as PropertyValue.Map)?.Entries
            ?? ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal);
        return new PropertyValue.Map(pod.SetItem("containers", new PropertyValue.List([named])));
    }
}
