using System.Collections.Immutable;
using HaCluster.Stack.Alarms;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Logging.Agent;
using HaCluster.Stack.Logging.Audit;
using HaCluster.Stack.Logging.Finance;
using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Logging.Setup;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging;

/// <summary>Input of <see cref="ClusterLogging"/>.</summary>
public sealed record ClusterLoggingArgs
{
    public required LoggingSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Where its alarms go.</summary>
    public required AlarmTopics Alarms { get; init; }

    /// <summary>Services of the cluster that write to the finance log, which runs if there are any, or the users have producers.</summary>
    public required ImmutableArray<FinanceProducer> Producers { get; init; }
}

/// <summary>
/// Finance and audit logs: OpenSearch over the zones to search in, an archive that nobody can change, and the paths into both
/// from the pods, from the Kubernetes API, and from the finance-log service.
/// </summary>
public sealed class ClusterLogging : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Logging";

    private readonly ClusterLoggingArgs _args;
    private readonly Output<string> _domainArn;

    public ClusterLogging(string name, ClusterLoggingArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var foundation = args.Foundation;
        var scope = foundation.Scope;
        var child = new ComponentResourceOptions { Parent = this };

        // Roles name the domain and the domain names the roles; its ARN is known before either.
        _domainArn = scope.Account.Arn("es", $"domain/{SearchDomainName.Of(scope.ClusterName)}");
        var keys = new LoggingKeys("logging-keys", scope, child);
        var snapshots = new SearchSnapshots(
            "search-snapshots", new SearchSnapshotsArgs { Scope = scope, KeyArn = keys.Search.Arn, DomainArn = _domainArn }, child);
        var master = SetupIdentity(snapshots);
        var agent = LogAgent.Identity(foundation, _domainArn, this);
        var auditRole = args.Settings.AuditSearch.IsEnabled ? AuditPipeline.CreateRole(scope, this) : null;
        var finance = new FinanceLog(
            "finance-log",
            new FinanceLogArgs { Settings = args.Settings.Finance, Foundation = foundation, DomainArn = _domainArn, KeyArn = keys.Archive.Arn },
            child);
        var readers = args.Settings.Search.Readers;
        var domain = new SearchDomain(
            "search",
            new SearchDomainArgs
            {
                Settings = args.Settings.Search,
                Foundation = foundation,
                Arn = _domainArn,
                KeyArn = keys.Search.Arn,
                LogRetentionDays = args.Settings.SearchLogDays,
                MasterRoleArn = master.RoleArn,
                Roles =
                [
                    master.RoleArn, agent.RoleArn, finance.Identity.RoleArn,
                    .. auditRole is null ? [] : (Output<string>[])[auditRole.Arn],
                    .. readers.Select(role => Output.Create(role)),
                ],
            },
            child);
        _ = new SearchAlarms(
            "search-alarms",
            new SearchAlarmsArgs { Settings = args.Settings.Search, Foundation = foundation, Domain = domain.Domain, TopicArn = args.Alarms.CriticalArn },
            child);

        var way = AllowEgress();
        var setup = new SearchSetup(
            "search-setup",
            new SearchSetupArgs
            {
                Settings = args.Settings,
                Foundation = foundation,
                Endpoint = domain.Endpoint,
                Principals = Output.Tuple(master.RoleArn, agent.RoleArn, auditRole?.Arn ?? Output.Create(""), finance.Identity.RoleArn)
                    .Apply(arns => new SearchPrincipals(arns.Item1, arns.Item2, arns.Item3, arns.Item4, readers)),
                SnapshotBucket = snapshots.Bucket.Name,
                SnapshotRoleArn = snapshots.RoleArn,
                After = [master, way, snapshots, .. foundation.Ready],
            },
            child);
        _ = new LogAgent(
            "log-agent",
            new LogAgentArgs
            {
                Settings = args.Settings.Agent,
                Foundation = foundation,
                Platform = args.Platform,
                Endpoint = domain.Endpoint,
                After = [agent, way, setup.Job, .. foundation.Ready],
            },
            child);
        if (args.Settings.Finance.ProducersSecret is not null || !args.Producers.IsEmpty)
        {
            _ = new FinanceService(
                FinanceService.Name,
                new FinanceServiceArgs
                {
                    Settings = args.Settings.Finance,
                    Producers = args.Producers,
                    Foundation = foundation,
                    Platform = args.Platform,
                    Archive = finance.Archive.Name,
                    SigningKeyArn = finance.SigningKeyArn,
                    SearchEndpoint = domain.Endpoint,
                    After = [finance, way, setup.Job],
                },
                child);
        }

        var trail = new AuditTrail(
            "audit",
            new AuditTrailArgs { Settings = args.Settings, Foundation = foundation, KeyArn = keys.Search.Arn, TopicArn = args.Alarms.CriticalArn },
            child);
        if (auditRole is not null && trail.Queue is { } queue)
        {
            _ = new AuditPipeline(
                "audit-pipeline",
                new AuditPipelineArgs
                {
                    Settings = args.Settings,
                    Foundation = foundation,
                    Role = auditRole,
                    Trail = trail,
                    Queue = queue,
                    KeyArn = keys.Search.Arn,
                    DomainArn = _domainArn,
                    Endpoint = domain.Endpoint,
                    TopicArn = args.Alarms.CriticalArn,
                    After = [setup.Job],
                },
                child);
        }

        Endpoint = domain.Endpoint;
        Archive = finance.Archive.Name;
        RegisterOutputs(new Dictionary<string, object?> { ["endpoint"] = Endpoint, ["archive"] = Archive });
    }

    /// <summary>Host of OpenSearch, inside the VPC.</summary>
    public Output<string> Endpoint { get; }

    /// <summary>Name of the bucket with the finance records.</summary>
    public Output<string> Archive { get; }

    private PodIdentity SetupIdentity(SearchSnapshots snapshots) => new(
        SearchSetup.Name,
        new PodRoleArgs
        {
            Scope = _args.Foundation.Scope,
            Purpose = "Tells OpenSearch its roles, templates and policies; its master user",
            Namespace = ClusterNamespaces.Logging,
            ServiceAccount = SearchSetup.Name,
            Policy = Output.Tuple(_domainArn, snapshots.RoleArn).Apply(arns => PolicyDocument.Json(CallSearchApi(arns.Item1), PassSnapshotRole(arns.Item2))),
        },
        _args.Foundation.Cluster,
        new ComponentResourceOptions { Parent = this });

    private static PolicyStatement CallSearchApi(string domain) => new()
    {
        Sid = "SearchApi",
        Actions = ["es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"],
        Resources = [$"{domain}/*"],
    };

    // The caller that registers a bucket passes the role to OpenSearch, and may pass it to no other service:
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-prerequisites.html
    private static PolicyStatement PassSnapshotRole(string role) => new()
    {
        Sid = "PassSnapshotRole",
        Actions = ["iam:PassRole"],
        Resources = [role],
        Conditions = [PolicyCondition.Is("iam:PassedToService", SearchSnapshots.ServicePrincipal)],
    };

    // The data subnets contain databases too, so the policy allows only these pods and this port.
    private Kubernetes.Networking.V1.NetworkPolicy AllowEgress() => new(
        "logging-search",
        new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs { Name = "allow-search", Namespace = ClusterNamespaces.Logging },
            Spec = new NetworkPolicySpecArgs
            {
                PodSelector = new LabelSelectorArgs
                {
                    MatchExpressions =
                    {
                        new LabelSelectorRequirementArgs
                        {
                            Key = "app.kubernetes.io/name",
                            Operator = "In",
                            Values = { LogAgent.Name, SearchSetup.Name, _args.Settings.Finance.ServiceAccount },
                        },
                    },
                },
                PolicyTypes = { "Egress" },
                Egress =
                {
                    new NetworkPolicyEgressRuleArgs
                    {
                        To = _args.Foundation.Network.Plan.Data.Select(block => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = block.ToString() } }).ToArray(),
                        Ports = { new NetworkPolicyPortArgs { Protocol = "TCP", Port = SearchDomain.Https } },
                    },
                },
            },
        },
        new CustomResourceOptions { Parent = this, Provider = _args.Foundation.Provider, DependsOn = _args.Foundation.Ready });
}
