using System.Collections.Frozen;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Types that are free in AWS, each with the reason. A type that is neither here nor priced is reported, never ignored.</summary>
internal static class FreeTypes
{
    private const string Part = "a part of what is priced beside it";
    private const string Usage = "costs by use; assumed, or named as not counted";
    private const string Objects = "an object in the cluster: its pods run on nodes that are counted";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["aws:acm/"] = "public certificates are free",
        ["aws:arczonalshift/"] = "zonal shift is free",
        ["aws:autoscaling/tag:"] = "tags are free",
        ["aws:cloudwatch/logGroup:"] = Usage,
        ["aws:cloudwatch/logResourcePolicy:"] = "policies are free",
        ["aws:cloudwatch/logStream:"] = Usage,
        ["aws:cloudwatch/logSubscriptionFilter:"] = "what it sends is counted where it arrives",
        ["aws:ec2/defaultSecurityGroup:"] = "firewalls of the VPC are free",
        ["aws:ec2/flowLog:"] = "counted as logs of CloudWatch",
        ["aws:ec2/internetGateway:"] = "free; its traffic is assumed",
        ["aws:ec2/launchTemplate:"] = "counted with the node groups that use it",
        ["aws:ec2/route:"] = "routing is free",
        ["aws:ec2/routeTable:"] = "routing is free",
        ["aws:ec2/routeTableAssociation:"] = "routing is free",
        ["aws:ec2/securityGroup:"] = "firewalls of the VPC are free",
        ["aws:ec2/subnet:"] = "networks are free",
        ["aws:ec2/tag:"] = "tags are free",
        ["aws:ec2/vpcEndpointRouteTableAssociation:"] = "routing is free",
        ["aws:ecr/"] = Usage,
        ["aws:eks/access"] = "access to the cluster is free",
        ["aws:eks/addon:"] = "free; its pods run on nodes that are counted",
        ["aws:eks/podIdentityAssociation:"] = "identities are free",
        ["aws:iam/"] = "identities are free",
        ["aws:kms/alias:"] = "names are free",
        ["aws:lb/listener:"] = Part,
        ["aws:lb/targetGroup:"] = Part,
        ["aws:opensearch/domainPolicy:"] = "policies are free",
        ["aws:rds/clusterParameterGroup:"] = Part,
        ["aws:rds/eventSubscription:"] = "free; its messages are not counted",
        ["aws:rds/parameterGroup:"] = Part,
        ["aws:rds/proxyDefaultTargetGroup:"] = Part,
        ["aws:rds/proxyTarget:"] = Part,
        ["aws:rds/subnetGroup:"] = Part,
        ["aws:route53/record:"] = "free; queries are not counted",
        ["aws:s3/"] = Usage,
        ["aws:secretsmanager/secretPolicy:"] = "policies are free",
        ["aws:secretsmanager/secretRotation:"] = Part,
        ["aws:secretsmanager/secretVersion:"] = Part,
        ["aws:sns/"] = "costs by message; not counted",
        ["aws:sqs/"] = Usage,
        ["aws:vpc/securityGroup"] = "firewalls of the VPC are free",
        ["aws:wafv2/webAclAssociation:"] = Part,
        ["aws:wafv2/webAclLoggingConfiguration:"] = "counted as logs of CloudWatch",
        ["kubernetes:admissionregistration.k8s.io/"] = Objects,
        ["kubernetes:apiextensions.k8s.io/"] = Objects,
        ["kubernetes:apps/"] = Objects,
        ["kubernetes:autoscaling/"] = Objects,
        ["kubernetes:batch/"] = Objects,
        ["kubernetes:cert-manager.io/"] = Objects,
        ["kubernetes:core/"] = Objects,
        ["kubernetes:external-secrets.io/"] = "free; its requests to Secrets Manager are assumed",
        ["kubernetes:gateway.envoyproxy.io/"] = Objects,
        ["kubernetes:gateway.networking.k8s.io/"] = Objects,
        ["kubernetes:generators.external-secrets.io/"] = Objects,
        ["kubernetes:monitoring.coreos.com/"] = Objects,
        ["kubernetes:networking.k8s.io/v1:NetworkPolicy"] = Objects,
        ["kubernetes:policy/"] = Objects,
        ["kubernetes:rbac.authorization.k8s.io/"] = Objects,
        ["kubernetes:scheduling.k8s.io/"] = Objects,
        ["kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"] = "counted with the volumes",
        ["kubernetes:storage.k8s.io/v1:StorageClass"] = "counted with the volumes",
        ["pulumi:providers:"] = "a connection, nothing in AWS",
    }.ToFrozenDictionary();

    /// <summary>The reason why a type is free; null when it is not known to be free.</summary>
    public static string? ReasonFor(string type) =>
        Reasons.Where(entry => type.StartsWith(entry.Key, StringComparison.Ordinal))
            .OrderByDescending(entry => entry.Key.Length)
            .Select(entry => entry.Value)
            .FirstOrDefault();
}
