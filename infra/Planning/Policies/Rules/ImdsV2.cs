using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class ImdsV2 : Policy
{
    public override string Id => "imdsv2";

    public override string Title => "instance metadata is IMDSv2 only, and only for the node itself";

    public override string Why =>
        "IMDSv1 gives the node's role to any pod that can be made to fetch a URL; a hop limit above 1 gives it to every pod.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html");

    public override string Fix =>
        "set metadataOptions of the launch template to httpTokens: required and httpPutResponseHopLimit: 1, and have every node group use such a template";

    private const string Template = "aws:ec2/launchTemplate:LaunchTemplate";

    // Since this version AL2023 is the default amiType of EKS: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html
    private static readonly Version FirstWithAl2023 = new(1, 30);

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
    [
        .. graph.Of(Template, "aws:ec2/launchConfiguration:LaunchConfiguration").SelectMany(CheckOptions),
        .. graph.Of("aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest").SelectMany(instance => CheckInstance(instance, graph)),
        .. graph.Of("aws:eks/nodeGroup:NodeGroup").SelectMany(group => CheckNodeGroup(group, graph)),
        .. graph.Of("aws:autoscaling/group:Group").SelectMany(group => CheckScalingGroup(group, graph)),
        .. graph.Resources.Where(resource => resource.Type.StartsWith("kubernetes:karpenter.k8s.aws/", StringComparison.Ordinal)).SelectMany(CheckNodeClass),
    ];

    /// <summary>Unset means optional tokens, or the default of the image: two hops for AL2023.</summary>
    private static IEnumerable<Finding> CheckOptions(ResourceNode resource)
    {
        if (resource.Inputs.GetValueOrDefault("metadataOptions") is { } given && (given.IsSecret() || given.ContainsUnknowns()))
        {
            yield return NotInspected("options", $"metadataOptions of {Policies.Violation.NameOf(resource)}");
            yield break;
        }

        var options = resource.Inputs.At("metadataOptions");
        if (options.At("httpEndpoint").Text() == "disabled")
            yield break;
        if (options.At("httpTokens").Text() != "required")
            yield return Violation(resource, "metadataOptions.httpTokens is not required");
        if (options.At("httpPutResponseHopLimit").Integer() is not 1)
            yield return Violation(resource, "metadataOptions.httpPutResponseHopLimit is not 1");
    }

    /// <summary>Options that an instance does not set come from its template.</summary>
    private static IEnumerable<Finding> CheckInstance(ResourceNode instance, PolicyGraph graph) =>
        PolicyGraph.IsGiven(instance, "metadataOptions") || !PolicyGraph.IsGiven(instance, "launchTemplate")
            ? CheckOptions(instance)
            : CheckReference(instance, instance.Inputs.GetValueOrDefault("launchTemplate"), graph);

    private static IEnumerable<Finding> CheckNodeGroup(ResourceNode group, PolicyGraph graph)
    {
        if (PolicyGraph.IsGiven(group, "launchTemplate"))
            return CheckReference(group, group.Inputs.GetValueOrDefault("launchTemplate"), graph);
        var image = group.Inputs.At("amiType").Text() ?? (PolicyGraph.IsGiven(group, "amiType") ? null : DefaultImage(group, graph));
        return image switch
        {
            // Tokens are required and the limit is one hop: https://docs.aws.amazon.com/eks/latest/userguide/al2023.html
            not null when image.StartsWith("AL2023_", StringComparison.Ordinal) => [],
            not null when image.StartsWith("AL2_", StringComparison.Ordinal) =>
                [Violation(group, $"it has no launch template, and nodes of {image} also answer IMDSv1")],
            _ => [NotInspected("group", $"{Policies.Violation.NameOf(group)}: the metadata options that EKS gives nodes of {image ?? "its amiType"}")],
        };
    }

    private static string? DefaultImage(ResourceNode group, PolicyGraph graph)
    {
        var name = group.Inputs.At("clusterName").Text();
        var version = group.Inputs.At("version").Text()
            ?? graph.Of("aws:eks/cluster:Cluster").FirstOrDefault(cluster => name is not null && (cluster.Inputs.At("name").Text() == name || cluster.Id == name))
                ?.Inputs.At("version").Text();
        return !Version.TryParse(version, out var parsed) ? null : parsed >= FirstWithAl2023 ? "AL2023_x86_64_STANDARD" : "AL2_x86_64";
    }

    private static IEnumerable<Finding> CheckScalingGroup(ResourceNode group, PolicyGraph graph)
    {
        var mixed = group.Inputs.At("mixedInstancesPolicy", "launchTemplate");
        if (mixed is not null)
        {
            return mixed.At("overrides").Items().Select(one => one.At("launchTemplateSpecification")).Prepend(mixed.At("launchTemplateSpecification"))
                .OfType<PropertyValue>().SelectMany(specification => CheckReference(group, specification, graph));
        }

        if (PolicyGraph.IsGiven(group, "launchTemplate"))
            return CheckReference(group, group.Inputs.GetValueOrDefault("launchTemplate"), graph);
        var name = group.Inputs.At("launchConfiguration").Text();
        return graph.Of("aws:ec2/launchConfiguration:LaunchConfiguration").Any(one => name is not null && (one.Id == name || one.Inputs.At("name").Text() == name))
            ? []
            : [NotInspected("group", $"{Policies.Violation.NameOf(group)}: launch configuration {name ?? "that is not known yet"}")];
    }

    /// <summary>A declared template is checked itself, in its newest version only.</summary>
    private static IEnumerable<Finding> CheckReference(ResourceNode user, PropertyValue? reference, PolicyGraph graph)
    {
        var id = reference.At("id").Text() ?? reference.At("launchTemplateId").Text();
        var name = reference.At("name").Text() ?? reference.At("launchTemplateName").Text();
        var template = graph.Of(Template).FirstOrDefault(one => (id is not null && one.Id == id) || (name is not null && one.Inputs.At("name").Text() == name));
        if (template is null)
        {
            yield return NotInspected("template", $"{id ?? name ?? "not known yet"} of {Policies.Violation.NameOf(user)}");
            yield break;
        }

        var version = reference.At("version");
        var isNewest = version.Text() == "$Latest"
            || (version.Integer() is { } number ? (template.Outputs.At("latestVersion").Integer() ?? number) == number : IsDefaultNewest(template));
        if (!isNewest)
            yield return NotInspected("template", $"{template.Name} of {Policies.Violation.NameOf(user)}: its version {version.Integer()?.ToString(CultureInfo.InvariantCulture) ?? "$Default"}");
    }

    /// <summary>A new template has one version, which is the default; a changed one keeps its old default version unless configured otherwise.</summary>
    private static bool IsDefaultNewest(ResourceNode template) =>
        template.Inputs.At("updateDefaultVersion").IsTrue() || template.Outputs.At("latestVersion").Integer() is null or 1;

    /// <summary>Karpenter requires tokens and allows one hop by default: https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions.</summary>
    private static IEnumerable<Finding> CheckNodeClass(ResourceNode nodes)
    {
        var options = nodes.Inputs.At("spec", "metadataOptions");
        if (options.At("httpEndpoint").Text() == "disabled")
            yield break;
        if (options.At("httpTokens").Text() is not (null or "required"))
            yield return Violation(nodes, "spec.metadataOptions.httpTokens is not required");
        if (options.At("httpPutResponseHopLimit").Integer() is not (null or 1))
            yield return Violation(nodes, "spec.metadataOptions.httpPutResponseHopLimit is not 1");
    }
}
