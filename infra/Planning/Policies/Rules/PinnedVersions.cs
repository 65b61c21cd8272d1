using System.Text.RegularExpressions;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies.Rules;

internal sealed partial class PinnedVersions : Policy
{
    public override string Id => "pinned-versions";

    public override string Title => "images, charts, add-ons, databases and Kubernetes itself have pinned versions";

    public override string Why =>
        "What is not pinned changes by itself: a restart after a failure may start an untested version.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/containers/images/#image-names");

    public override string Fix =>
        "name a version: a tag that is not latest or a digest, a chart's version, addonVersion, engineVersion, ha-cluster:cluster.version";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) => [.. CheckImages(graph), .. CheckValues(graph), .. CheckReleases(graph)];

    /// <summary>Charts and add-ons choose their images; their own version is pinned.</summary>
    private static IEnumerable<Finding> CheckImages(PolicyGraph graph) =>
        from one in graph.Workloads
        from container in one.Workload.Pods.Containers
        where container.Image is { } image ? !IsPinned(image) : one.Workload.Source is Origin.Program
        select Violation(one.Resource, one.Say($"image of container {container.Name} has no version"));

    /// <summary>Without a tag in its values a chart uses its own app version.</summary>
    private static IEnumerable<Finding> CheckValues(PolicyGraph graph) =>
        from resource in graph.Resources
        from problem in resource.Type switch
        {
            "kubernetes:helm.sh/v3:Release" => Walk(resource.Inputs.At("values"), "values"),
            "aws:eks/addon:Addon" when resource.Inputs.At("configurationValues").Text() is { } json => Walk(JsonText.TryParse(json), "configurationValues"),
            var type when ServedKinds.IsOfOthers(type) => Walk(resource.Inputs.At("spec"), "spec"),
            _ => [],
        }
        select Violation(resource, problem);

    private static IEnumerable<string> Walk(PropertyValue? value, string path)
    {
        if (value.At("tag").Text() == "latest")
            yield return $"{path}.tag is latest";
        if (value.At("image").Text() is { } image && image.Contains('/', StringComparison.Ordinal) && !IsPinned(image))
            yield return $"{path}.image has no version";
        var inner = value.Entries().Select(entry => (entry.Value, Path: $"{path}.{entry.Key}"))
            .Concat(value.Items().Select((item, index) => (Value: item, Path: $"{path}[{index}]")));
        foreach (var problem in inner.SelectMany(entry => Walk(entry.Value, entry.Path)))
            yield return problem;
    }

    private static IEnumerable<Finding> CheckReleases(PolicyGraph graph) =>
        from resource in graph.Resources
        let property = VersionOf(resource)
        where property is not null && !(resource.Inputs.At(property).Text() is { } version && Exact().IsMatch(version))
        select Violation(resource, $"{property} is not one version");

    private static string? VersionOf(ResourceNode resource) => resource.Type switch
    {
        "kubernetes:helm.sh/v3:Release" => "version",
        "aws:eks/cluster:Cluster" => "version",
        "aws:eks/addon:Addon" => "addonVersion",
        "aws:rds/cluster:Cluster" or "aws:rds/instance:Instance" or "aws:opensearch/domain:Domain" => "engineVersion",
        _ => null,
    };

    /// <summary>The same test as the cluster's own admission policy: a digest, or a tag after the last slash that is not latest.</summary>
    private static bool IsPinned(string image) => Pinned().IsMatch(image) && !image.EndsWith(":latest", StringComparison.Ordinal);

    [GeneratedRegex(@"(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]*)\z")]
    private static partial Regex Pinned();

    // No range as Helm takes them (^1.2, ~1.2, >=1, 1.x, *), no "latest".
    [GeneratedRegex(@"^[A-Za-z_]*[0-9][0-9A-Za-z_.+-]*(?<!\.x)\z")]
    private static partial Regex Exact();
}
