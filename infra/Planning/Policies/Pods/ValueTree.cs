using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Pods;

/// <summary>Values from which someone else writes pods: those of a Helm chart or an EKS add-on, and the fields of a custom resource.</summary>
/// <param name="Where">What leads to the tree: <c>values</c>, <c>configurationValues</c>, <c>spec</c>.</param>
/// <param name="Kind"><c>chart</c> or <c>add-on</c>, of which only these values show anything; null for a custom resource,
/// which may stand for no pods.</param>
internal sealed record ValueTree(ResourceNode Resource, string Where, PropertyValue? Root, string Namespace, string? Kind)
{
    // The groups that Kubernetes itself serves; every other one belongs to a custom resource.
    private static readonly string[] BuiltInGroups =
    [
        "core", "apps", "batch", "autoscaling", "policy", "events.k8s.io", "helm.sh", "apiextensions.k8s.io", "admissionregistration.k8s.io",
        "networking.k8s.io", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
        "node.k8s.io", "apiregistration.k8s.io",
    ];

    /// <summary>Null when the resource has no such values.</summary>
    public static ValueTree? Of(ResourceNode resource)
    {
        switch (resource.Type)
        {
            case "kubernetes:helm.sh/v3:Release":
                return new ValueTree(
                    resource, "values", resource.Inputs.At("values"), resource.Inputs.At("namespace").Text() ?? "default", "chart");
            case "aws:eks/addon:Addon":
                var json = resource.Inputs.At("configurationValues").Text();
                return new ValueTree(
                    resource, "configurationValues", json is null ? null : JsonText.TryParse(json), "kube-system", "add-on");
            default:
                return resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && IsCustom(resource.Type)
                    ? new ValueTree(resource, "spec", resource.Inputs.At("spec"), PolicyGraph.NamespaceOf(resource), null)
                    : null;
        }
    }

    /// <summary>Every object in the tree with its path and the objects around it, the innermost first.</summary>
    public ImmutableArray<ValueBranch> Branches { get; } = [.. Under(Root, Where, [])];

    private static IEnumerable<ValueBranch> Under(PropertyValue? value, string path, IReadOnlyList<ValueBranch> around)
    {
        switch (value.At())
        {
            case PropertyValue.Map map:
                var branch = new ValueBranch(path, map, around);
                yield return branch;
                foreach (var (name, entry) in map.Entries)
                {
                    foreach (var below in Under(entry, $"{path}.{name}", [branch, .. around]))
                        yield return below;
                }

                break;
            case PropertyValue.List list:
                foreach (var (item, index) in list.Items.Select((item, index) => (item, index)))
                {
                    foreach (var below in Under(item, $"{path}[{index}]", around))
                        yield return below;
                }

                break;
        }
    }

    private static bool IsCustom(string type)
    {
        var group = type.Split(':')[1].Split('/')[0];
        return !DeclaredPods.IsEnvoyProxy(type) && !BuiltInGroups.Contains(group);
    }
}
