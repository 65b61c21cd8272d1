using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Plans;

/// <summary>How long the creation of a resource typically takes, until <c>pulumi up</c> continues with its dependents.</summary>
internal static class CreationTimes
{
    /// <summary>The default: the resource exists when the call returns.</summary>
    private const int CallSeconds = 3;

    /// <summary>A release that only brings definitions and a controller.</summary>
    private const int ReleaseSeconds = 90;

    private const string Release = "kubernetes:helm.sh/v3:Release";
    private const string Service = "kubernetes:core/v1:Service";

    // Seconds. With a source where AWS says how long; the rest (~) is what users report of the provider, whose "Still creating" lines say it, rounded.
    private static readonly Dictionary<string, int> Seconds = new(StringComparer.Ordinal)
    {
        // https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html: "Cluster provisioning takes several minutes"; ~
        ["aws:eks/cluster:Cluster"] = 600,
        ["aws:eks/nodeGroup:NodeGroup"] = 180, // ~ until the nodes are ready
        ["aws:eks/addon:Addon"] = 60, // ~ until its pods are ready
        ["aws:eks/accessEntry:AccessEntry"] = 10, // ~

        // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/gsgcreate-domain.html: "typically take 15-30 minutes"
        ["aws:opensearch/domain:Domain"] = 1_500,
        ["aws:opensearchingest/pipeline:Pipeline"] = 480, // ~
        ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"] = 90, // ~

        ["aws:rds/cluster:Cluster"] = 90, // ~ the storage; instances come after
        // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_GettingStartedAurora.CreatingConnecting.Aurora.html: "up to 20 minutes"; ~
        ["aws:rds/clusterInstance:ClusterInstance"] = 480,
        // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-creating.html: "several minutes"; ~
        ["aws:rds/proxy:Proxy"] = 420,
        ["aws:rds/proxyEndpoint:ProxyEndpoint"] = 240, // ~
        ["aws:rds/proxyTarget:ProxyTarget"] = 60, // ~
        ["aws:rds/eventSubscription:EventSubscription"] = 60, // ~

        ["aws:ec2/vpc:Vpc"] = 15, // ~
        ["aws:ec2/natGateway:NatGateway"] = 120, // ~
        ["aws:ec2/subnet:Subnet"] = 12, // ~ those that give public addresses wait for that
        ["aws:ec2/vpcEndpoint:VpcEndpoint"] = 90, // ~ an interface; a gateway is quicker
        ["aws:lb/loadBalancer:LoadBalancer"] = 180, // ~
        // https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html; ~
        ["aws:acm/certificateValidation:CertificateValidation"] = 180,
        ["aws:route53/record:Record"] = 40, // ~ until all name servers have it
        ["aws:kms/key:Key"] = 15, // ~
        ["aws:iam/role:Role"] = 10, // ~
        ["aws:iam/serviceLinkedRole:ServiceLinkedRole"] = 10, // ~
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html; the provider waits for it to settle; ~
        ["aws:sqs/queue:Queue"] = 30,

        // Images are pulled onto nodes that have none yet.
        ["kubernetes:apps/v1:Deployment"] = 60, // ~
        ["kubernetes:apps/v1:DaemonSet"] = 60, // ~
        ["kubernetes:apps/v1:StatefulSet"] = 120, // ~ one pod after the other, each with a volume
        ["kubernetes:batch/v1:Job"] = 90, // ~
    };

    // Helm waits until all of a chart is ready.
    private static readonly Dictionary<string, int> Charts = new(StringComparer.Ordinal)
    {
        ["prometheus-operator-crds"] = 20, // ~ nothing runs
        ["kube-prometheus-stack"] = 240, // ~ its operator makes StatefulSets with volumes
        ["fluent-bit"] = 60, // ~
    };

    public static TimeSpan Of(ResourceNode resource) => TimeSpan.FromSeconds(
        !resource.IsCustom || resource.IsRead || IsNotAwaited(resource) ? 0
        : resource.Type == Release ? Charts.GetValueOrDefault(Name(resource.Inputs.At("chart").Text()), ReleaseSeconds)
        : resource.Type == Service ? ServiceSeconds(resource)
        : Seconds.GetValueOrDefault(resource.Type, CallSeconds));

    /// <summary>An ordinary Service is there at once; a load balancer is made first.</summary>
    private static int ServiceSeconds(ResourceNode service) =>
        service.Inputs.At("spec", "type").Text() == "LoadBalancer" ? Seconds["aws:lb/loadBalancer:LoadBalancer"] : CallSeconds;

    // https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#annotations
    private static bool IsNotAwaited(ResourceNode resource) =>
        resource.Inputs.At("metadata", "annotations", "pulumi.com/skipAwait").Text() == "true";

    private static string Name(string? chart) => chart is null ? "" : chart[(chart.LastIndexOf('/') + 1)..];
}
