using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Settings.Logging;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Search;

/// <summary>Input of <see cref="SearchDomain"/>.</summary>
public sealed record SearchDomainArgs
{
    public required SearchSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>ARN that the domain will have; roles name it before it exists.</summary>
    public required Output<string> Arn { get; init; }

    public required Input<string> KeyArn { get; init; }

    /// <summary>Days that CloudWatch keeps what the domain writes about itself.</summary>
    public required int LogRetentionDays { get; init; }

    /// <summary>Role of the set-up job: the master user. There is no password.</summary>
    public required Output<string> MasterRoleArn { get; init; }

    /// <summary>Roles that may call the domain at all; what each may do there is said inside it.</summary>
    public required ImmutableArray<Output<string>> Roles { get; init; }
}

/// <summary>
/// OpenSearch over the zones: three masters of their own, data nodes evenly in each zone, encrypted at rest and between nodes, reached over TLS
/// from inside the VPC only, by the roles in its policy. AWS takes a snapshot every hour and keeps it for 14 days.
/// </summary>
public sealed class SearchDomain : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Search";

    /// <summary>The only port it has.</summary>
    public const int Https = 443;

    private readonly SearchDomainArgs _args;

    public SearchDomain(string name, SearchDomainArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        var settings = args.Settings;
        SecurityGroup = CreateSecurityGroup(name);
        var logs = new SearchLogs(
            "search-logs",
            new SearchLogsArgs
            {
                Scope = scope,
                KeyArn = args.Foundation.Keys.Logs.Arn,
                RetentionDays = args.LogRetentionDays,
                DomainArn = args.Arn,
            },
            new ComponentResourceOptions { Parent = this });
        ImmutableArray<Resource> before = [logs.Permission];
        if (SearchServiceRole.Declare(settings.CreatesServiceRole, scope, this) is { } serviceRole)
            before = before.Add(serviceRole);
        Domain = new Aws.OpenSearch.Domain(
            name,
            new Aws.OpenSearch.DomainArgs
            {
                DomainName = SearchDomainName.Of(scope.ClusterName),
                EngineVersion = $"OpenSearch_{settings.Version}",
                ClusterConfig = Nodes(settings),
                EbsOptions = new Aws.OpenSearch.Inputs.DomainEbsOptionsArgs { EbsEnabled = true, VolumeType = "gp3", VolumeSize = settings.VolumeGiB },
                VpcOptions = new Aws.OpenSearch.Inputs.DomainVpcOptionsArgs
                {
                    SubnetIds = args.Foundation.Network.DataSubnetIds.Apply(ids => ids.Take(settings.Zones).ToImmutableArray()),
                    SecurityGroupIds = { SecurityGroup.Id },
                },
                EncryptAtRest = new Aws.OpenSearch.Inputs.DomainEncryptAtRestArgs { Enabled = true, KmsKeyId = args.KeyArn },
                NodeToNodeEncryption = new Aws.OpenSearch.Inputs.DomainNodeToNodeEncryptionArgs { Enabled = true },
                DomainEndpointOptions = new Aws.OpenSearch.Inputs.DomainDomainEndpointOptionsArgs
                {
                    EnforceHttps = true,
                    TlsSecurityPolicy = "Policy-Min-TLS-1-2-PFS-2023-10",
                },
                AdvancedSecurityOptions = new Aws.OpenSearch.Inputs.DomainAdvancedSecurityOptionsArgs
                {
                    Enabled = true,
                    InternalUserDatabaseEnabled = false,
                    MasterUserOptions = new Aws.OpenSearch.Inputs.DomainAdvancedSecurityOptionsMasterUserOptionsArgs { MasterUserArn = args.MasterRoleArn },
                },
                AccessPolicies = Output.Tuple(Output.All(args.Roles), args.Arn)
                    .Apply(found => PolicyDocument.Json(found.Item1.Select((role, index) => CallSearchApi(role, index, found.Item2)))),
                LogPublishingOptions = logs.Groups.Select(group => new Aws.OpenSearch.Inputs.DomainLogPublishingOptionArgs
                {
                    LogType = group.Kind,
                    CloudwatchLogGroupArn = group.Group.Arn,
                }).ToArray(),
                AutoTuneOptions = new Aws.OpenSearch.Inputs.DomainAutoTuneOptionsArgs { DesiredState = "ENABLED", UseOffPeakWindow = true },
                OffPeakWindowOptions = new Aws.OpenSearch.Inputs.DomainOffPeakWindowOptionsArgs
                {
                    Enabled = true,
                    OffPeakWindow = new Aws.OpenSearch.Inputs.DomainOffPeakWindowOptionsOffPeakWindowArgs
                    {
                        WindowStartTime = new Aws.OpenSearch.Inputs.DomainOffPeakWindowOptionsOffPeakWindowWindowStartTimeArgs
                        {
                            Hours = settings.OffPeakHour,
                            Minutes = 0,
                        },
                    },
                },
                SoftwareUpdateOptions = new Aws.OpenSearch.Inputs.DomainSoftwareUpdateOptionsArgs { AutoSoftwareUpdateEnabled = true },
                Tags = scope.Tags.Named(SearchDomainName.Of(scope.ClusterName)),
            },
            new CustomResourceOptions { Parent = this, DependsOn = before });
        Endpoint = Domain.Endpoint;
        RegisterOutputs(new Dictionary<string, object?> { ["endpoint"] = Endpoint });
    }

    public Aws.OpenSearch.Domain Domain { get; }

    /// <summary>Name of the host, without a scheme.</summary>
    public Output<string> Endpoint { get; }

    /// <summary>Lets HTTPS in from nodes and pods; others add rules of theirs.</summary>
    public Aws.Ec2.SecurityGroup SecurityGroup { get; }

    private static Aws.OpenSearch.Inputs.DomainClusterConfigArgs Nodes(SearchSettings settings) => new()
    {
        InstanceType = settings.InstanceType,
        InstanceCount = settings.DataNodes,
        DedicatedMasterEnabled = true,
        DedicatedMasterType = settings.MasterType,
        DedicatedMasterCount = SearchSettings.Masters,
        ZoneAwarenessEnabled = true,
        ZoneAwarenessConfig = new Aws.OpenSearch.Inputs.DomainClusterConfigZoneAwarenessConfigArgs { AvailabilityZoneCount = settings.Zones },
        MultiAzWithStandbyEnabled = settings.HasStandby,
    };

    private Aws.Ec2.SecurityGroup CreateSecurityGroup(string name)
    {
        var foundation = _args.Foundation;
        var scope = foundation.Scope;
        var group = new Aws.Ec2.SecurityGroup(
            name,
            new Aws.Ec2.SecurityGroupArgs
            {
                Name = scope.NameOf(name),
                Description = "HTTPS from nodes and pods to OpenSearch",
                VpcId = foundation.Network.VpcId,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        foreach (var (block, index) in foundation.Network.Plan.Private.Select((block, index) => (block, index)))
        {
            _ = new Aws.Vpc.SecurityGroupIngressRule(
                $"{name}-{index + 1}",
                new Aws.Vpc.SecurityGroupIngressRuleArgs
                {
                    SecurityGroupId = group.Id,
                    Description = "HTTPS from the nodes and pods of a zone",
                    CidrIpv4 = block.ToString(),
                    IpProtocol = "tcp",
                    FromPort = Https,
                    ToPort = Https,
                    Tags = scope.Tags.Named(scope.NameOf($"{name}-{index + 1}")),
                },
                new CustomResourceOptions { Parent = this });
        }

        return group;
    }

    private static PolicyStatement CallSearchApi(string role, int index, string domain) => new()
    {
        Sid = $"Role{index + 1}",
        Principal = ("AWS", role),
        Actions = ["es:ESHttp*"],
        Resources = [$"{domain}/*"],
    };
}

/// <summary>Names the domain after the cluster.</summary>
public static class SearchDomainName
{
    /// <summary><c>CLUSTER-logs</c>, or what is left of it in the 28 characters of a domain.</summary>
    public static string Of(string cluster) => ShortName.Of(cluster, "logs");
}
