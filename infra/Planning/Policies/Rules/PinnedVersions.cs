using System.Text.RegularExpressions;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed partial class PinnedVersions : Policy
{
    public override string Id => "pinned-versions";

    public override string Title => "images, charts, add-ons, databases and Kubernetes itself have versions that somebody chose";

    public override string Why =>
        "What has no version changes by itself: a restart after a failure may start something that nobody has tried.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/containers/images/#image-names");

    public override string Fix =>
        "name a version: a tag that is not latest or a digest, a chart's version, addonVersion, engineVersion, ha-cluster:cluster.version";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) => [.. CheckImages(graph), .. CheckValues(graph), .. CheckReleases(graph)];

    private static IEnumerable<Finding> CheckImages(PolicyGraph graph) =>
        from pods in graph.Pods
        from container in pods.Containers
        where container.Container.At("image").Text() is var image && (image is null || !IsPinned(image))
        select Violation(pods.Resource, $"image of container {container.Name} has no version");

    /// <summary>A chart takes the version it was made for where its values name none.</summary>
    private static IEnumerable<Finding> CheckValues(PolicyGraph graph)
    {
        foreach (var tree in graph.Trees)
        {
            foreach (var branch in tree.Branches)
            {
                if (branch.Map.At("tag").Text() == "latest")
                    yield return Violation(tree.Resource, $"{branch.Path}.tag is latest");
                if (branch.Map.At("image").Text() is { } image && image.Contains('/', StringComparison.Ordinal) && !IsPinned(image))
                    yield return Violation(tree.Resource, $"{branch.Path}.image has no version");
            }
        }
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

    [GeneratedRegex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]*)$")]
    private static partial Regex Pinned();

    // No range as Helm takes them (^1.2, ~1.2, >=1, 1.x, *), no "latest".
    [GeneratedRegex(@"^[A-Za-z_]*[0-9][0-9A-Za-z_.+-]*(?<!\.x)$")]
    private static partial Regex Exact();
}
