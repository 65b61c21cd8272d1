using HaCluster.Engine.Graph;

namespace HaCluster.Conformance.Emit;

/// <summary>The class of the official Node packages that stands for a type token.</summary>
/// <param name="Expression">How a program names it: <c>aws.ec2.Subnet</c>.</param>
public sealed record OfficialClass(string Expression)
{
    /// <summary>API groups with classes of their own, and the folder those are in.</summary>
    private static readonly Dictionary<string, string> KubernetesFolders = new(StringComparer.Ordinal)
    {
        ["admissionregistration.k8s.io"] = "admissionregistration",
        ["apiextensions.k8s.io"] = "apiextensions",
        ["apiregistration.k8s.io"] = "apiregistration",
        ["apps"] = "apps",
        ["autoscaling"] = "autoscaling",
        ["batch"] = "batch",
        ["certificates.k8s.io"] = "certificates",
        ["coordination.k8s.io"] = "coordination",
        ["core"] = "core",
        ["discovery.k8s.io"] = "discovery",
        ["events.k8s.io"] = "events",
        ["flowcontrol.apiserver.k8s.io"] = "flowcontrol",
        ["helm.sh"] = "helm",
        ["networking.k8s.io"] = "networking",
        ["node.k8s.io"] = "node",
        ["policy"] = "policy",
        ["rbac.authorization.k8s.io"] = "rbac",
        ["resource.k8s.io"] = "resource",
        ["scheduling.k8s.io"] = "scheduling",
        ["storage.k8s.io"] = "storage",
        ["storagemigration.k8s.io"] = "storagemigration",
    };

    /// <exception cref="NotSupportedException">No official package has a class for the resource.</exception>
    public static OfficialClass Of(ResourceNode resource)
    {
        var parts = resource.Type.Split(':');
        return parts switch
        {
            ["pulumi", "providers", var package] => new($"{Namespace(package, resource)}.Provider"),
            ["aws", var module, var name] => new(Aws(module.Split('/')[0], name)),
            ["kubernetes", var groupVersion, var kind] => new(Kubernetes(groupVersion, kind)),
            _ => throw Unknown(resource),
        };
    }

    private static string Aws(string module, string name) => module == "index" ? $"aws.{name}" : $"aws.{module}.{name}";

    private static string Kubernetes(string groupVersion, string kind)
    {
        var slash = groupVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("core", groupVersion) : (groupVersion[..slash], groupVersion[(slash + 1)..]);
        // Objects of CRDs have one class for all, whose arguments no typing knows.
        return KubernetesFolders.TryGetValue(group, out var folder) ? $"k8s.{folder}.{version}.{kind}" : "k8s.apiextensions.CustomResource";
    }

    private static string Namespace(string package, ResourceNode resource) => package switch
    {
        "aws" => "aws",
        "kubernetes" => "k8s",
        _ => throw Unknown(resource),
    };

    private static NotSupportedException Unknown(ResourceNode resource) =>
        new($"{resource.Urn}: neither @pulumi/aws nor @pulumi/kubernetes has a class for {resource.Type}");
}
