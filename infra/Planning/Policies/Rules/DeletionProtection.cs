using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class DeletionProtection : Policy
{
    public override string Id => "deletion-protection";

    public override string Title => "clusters, databases and load balancers cannot be deleted by one mistaken command";

    public override string Why =>
        "A replaced name or a destroy in the wrong terminal deletes them and all they hold; AWS refuses that while the protection is on.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html");

    public override string Fix =>
        "set deletionProtection of ha-cluster:cluster, ha-cluster:databases.ENGINE or ha-cluster:edge to true, or the option protect of the resource";

    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#resource-attributes
    private const string Attributes = "service.beta.kubernetes.io/aws-load-balancer-attributes";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        graph.Resources.Where(resource => resource.Options.Protect != true)
            .Select(resource => ProblemOf(resource) is { } problem ? Violation(resource, problem) : null)
            .OfType<Finding>();

    private static string? ProblemOf(ResourceNode resource) => resource.Type switch
    {
        "aws:eks/cluster:Cluster" or "aws:rds/cluster:Cluster" or "aws:rds/instance:Instance" => Unless(resource, "deletionProtection"),
        "aws:lb/loadBalancer:LoadBalancer" or "aws:alb/loadBalancer:LoadBalancer" => Unless(resource, "enableDeletionProtection"),
        "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2" => When(resource, "forceDestroy"),
        "aws:ecr/repository:Repository" => When(resource, "forceDelete"),
        "kubernetes:core/v1:Service" when resource.Inputs.At("spec", "type").Text() == "LoadBalancer" =>
            IsProtected(resource.Inputs.At("metadata", "annotations", Attributes).Text()) ? null : $"{Attributes} has no deletion_protection.enabled=true",
        _ => null,
    };

    private static string? Unless(ResourceNode resource, string property) => resource.Inputs.At(property).IsTrue() ? null : $"{property} is not true";

    private static string? When(ResourceNode resource, string property) =>
        resource.Inputs.At(property).IsTrue() ? $"{property} is true: it is deleted with all it holds" : null;

    private static bool IsProtected(string? attributes) =>
        attributes is not null && attributes.Split(',', StringSplitOptions.TrimEntries).Contains("deletion_protection.enabled=true");
}
