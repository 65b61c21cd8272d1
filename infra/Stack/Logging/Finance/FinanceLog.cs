using HaCluster.Stack.Identities;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Storage;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>Input of <see cref="FinanceLog"/>.</summary>
public sealed record FinanceLogArgs
{
    public required FinanceSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>ARN of the domain that it makes searchable what it has stored.</summary>
    public required Output<string> DomainArn { get; init; }

    /// <summary>Encrypts the archive.</summary>
    public required Output<string> KeyArn { get; init; }
}

/// <summary>
/// What the finance-log service finds in place: an archive whose objects cannot be changed, an identity that can add to it and to OpenSearch, and
/// a door that payment services alone may knock at. The service acknowledges a record when it is in the archive; OpenSearch is an index of it.
/// </summary>
public sealed class FinanceLog : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceLog";

    private const int DaysOfYear = 365;

    public FinanceLog(string name, FinanceLogArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var settings = args.Settings;
        Archive = new PrivateBucket(
            name,
            new PrivateBucketArgs
            {
                Scope = foundation.Scope,
                Content = "archive",
                KeyArn = args.KeyArn,
                Lock = new ObjectLock(settings.Lock, settings.RetentionYears),
                IsKept = true,
                Lifecycle = new BucketLifecycle
                {
                    // A month in which questions are asked; a year in which an auditor reads; then hours of waiting are fine.
                    Transitions = [(31, "GLACIER_IR"), (366, "DEEP_ARCHIVE")],

                    // A leap day in four years and one to be sure: never before the lock is off.
                    ExpireAfterDays = settings.RetentionYears * DaysOfYear + settings.RetentionYears / 4 + 2,
                },
            },
            new ComponentResourceOptions { Parent = this });
        Identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Stores finance records and makes them searchable",
                Namespace = ClusterNamespaces.Logging,
                ServiceAccount = settings.ServiceAccount,
                Policy = Output.Tuple(Archive.Arn, args.KeyArn, args.DomainArn)
                    .Apply(arns => PolicyDocument.Json(Add(arns.Item1), List(arns.Item1), Encrypt(arns.Item2), Index(arns.Item3))),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });

        var child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready };
        _ = new Kubernetes.Core.V1.ServiceAccount(
            name,
            new ServiceAccountArgs { Metadata = Metadata(settings.ServiceAccount), AutomountServiceAccountToken = false },
            child);
        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            "finance-log-producers",
            new NetworkPolicyArgs { Metadata = Metadata("allow-finance-log"), Spec = FromPayments(settings) },
            child);
        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            "payments-to-finance-log",
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = "allow-finance-log", Namespace = ClusterNamespaces.Payments },
                Spec = ToFinanceLog(settings),
            },
            child);
        RegisterOutputs(new Dictionary<string, object?> { ["archive"] = Archive.Name, ["roleArn"] = Identity.RoleArn });
    }

    /// <summary>The book of record. <c>pulumi destroy</c> leaves it.</summary>
    public PrivateBucket Archive { get; }

    public PodIdentity Identity { get; }

    // Adding and reading: no right to delete, to shorten a lock or to lift one.
    private static PolicyStatement Add(string bucket) => new()
    {
        Sid = "WriteArchive",
        Actions = ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
        Resources = [$"{bucket}/*"],
    };

    private static PolicyStatement List(string bucket) => new()
    {
        Sid = "ListArchive",
        Actions = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketObjectLockConfiguration"],
        Resources = [bucket],
    };

    private static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };

    private static PolicyStatement Index(string domain) => new()
    {
        Sid = "SearchApi",
        Actions = ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut"],
        Resources = [$"{domain}/*"],
    };

    private static NetworkPolicySpecArgs FromPayments(FinanceSettings settings) => new()
    {
        PodSelector = Pods(settings),
        PolicyTypes = { "Ingress" },
        Ingress =
        {
            new NetworkPolicyIngressRuleArgs
            {
                From = { new NetworkPolicyPeerArgs { NamespaceSelector = Namespace(ClusterNamespaces.Payments) } },
                Ports = { Port(settings) },
            },
        },
    };

    // The egress half of the same flow: without it the pods could not reach the service that accepts them.
    private static NetworkPolicySpecArgs ToFinanceLog(FinanceSettings settings) => new()
    {
        PodSelector = new LabelSelectorArgs(),
        PolicyTypes = { "Egress" },
        Egress =
        {
            new NetworkPolicyEgressRuleArgs
            {
                To = { new NetworkPolicyPeerArgs { NamespaceSelector = Namespace(ClusterNamespaces.Logging), PodSelector = Pods(settings) } },
                Ports = { Port(settings) },
            },
        },
    };

    private static LabelSelectorArgs Pods(FinanceSettings settings) => new() { MatchLabels = { ["app.kubernetes.io/name"] = settings.ServiceAccount } };

    private static LabelSelectorArgs Namespace(string name) => new() { MatchLabels = { ["kubernetes.io/metadata.name"] = name } };

    private static NetworkPolicyPortArgs Port(FinanceSettings settings) => new() { Protocol = "TCP", Port = settings.Port };

    private static ObjectMetaArgs Metadata(string name) => new() { Name = name, Namespace = ClusterNamespaces.Logging };
}
