using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Edge;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Input of <see cref="WebFirewall"/>.</summary>
public sealed record WebFirewallArgs
{
    public required WafSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>The application load balancer that it protects.</summary>
    public required Output<string> BalancerArn { get; init; }

    /// <summary>Topic for the alarm when many requests match.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>
/// AWS WAF: rules over each request before a proxy sees it. What they find is logged, without passwords and sessions; what passes is not, since
/// it would be the whole traffic.
/// </summary>
public sealed class WebFirewall : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:WebFirewall";

    // They are as sensitive as a password.
    private static readonly string[] Redacted = ["authorization", "cookie"];

    // EXCLUDED_AS_COUNT is the log's name for a rule of a group that only counts.
    private static readonly string[] Found = ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"];

    private readonly WebFirewallArgs _args;
    private readonly string _name;

    public WebFirewall(string name, WebFirewallArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        _name = scope.NameOf(name);
        var list = new Aws.WafV2.WebAcl(
            name,
            new Aws.WafV2.WebAclArgs
            {
                Name = _name,
                Description = $"In front of the sites of {scope.ClusterName}",
                Scope = "REGIONAL",
                DefaultAction = new Aws.WafV2.Inputs.WebAclDefaultActionArgs { Allow = new Aws.WafV2.Inputs.WebAclDefaultActionAllowArgs() },
                Rules = WebFirewallRules.All(args.Settings),
                VisibilityConfig = new Aws.WafV2.Inputs.WebAclVisibilityConfigArgs
                {
                    MetricName = _name,
                    CloudwatchMetricsEnabled = true,

                    // Samples would show what the log leaves out.
                    SampledRequestsEnabled = false,
                },
                Tags = scope.Tags.Named(_name),
            },
            new CustomResourceOptions { Parent = this });
        Log(name, list);
        _ = new Aws.WafV2.WebAclAssociation(
            name,
            new Aws.WafV2.WebAclAssociationArgs { ResourceArn = args.BalancerArn, WebAclArn = list.Arn },
            new CustomResourceOptions { Parent = this });
        Watch();
        RegisterOutputs(new Dictionary<string, object?> { ["arn"] = list.Arn });
    }

    private void Log(string name, Aws.WafV2.WebAcl list)
    {
        var scope = _args.Foundation.Scope;
        var group = new LogGroupNames(scope.ClusterName).Firewall;
        var logs = new Aws.CloudWatch.LogGroup(
            name,
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = group,
                RetentionInDays = _args.Settings.LogRetentionDays,
                KmsKeyId = _args.Foundation.Keys.Logs.Arn,
                Tags = scope.Tags.Named(group),
            },
            new CustomResourceOptions { Parent = this });
        _ = new Aws.WafV2.WebAclLoggingConfiguration(
            name,
            new Aws.WafV2.WebAclLoggingConfigurationArgs
            {
                ResourceArn = list.Arn,
                LogDestinationConfigs = { logs.Arn },
                RedactedFields = Redacted.Select(header => new Aws.WafV2.Inputs.WebAclLoggingConfigurationRedactedFieldArgs
                {
                    SingleHeader = new Aws.WafV2.Inputs.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs { Name = header },
                }).ToArray(),
                LoggingFilter = new Aws.WafV2.Inputs.WebAclLoggingConfigurationLoggingFilterArgs
                {
                    DefaultBehavior = "DROP",
                    Filters =
                    {
                        new Aws.WafV2.Inputs.WebAclLoggingConfigurationLoggingFilterFilterArgs
                        {
                            Behavior = "KEEP",
                            Requirement = "MEETS_ANY",
                            Conditions = Found.Select(action => new Aws.WafV2.Inputs.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs
                            {
                                ActionCondition = new Aws.WafV2.Inputs.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs { Action = action },
                            }).ToArray(),
                        },
                    },
                },
            },
            new CustomResourceOptions { Parent = this });
    }

    // https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
    private void Watch()
    {
        const string Name = "edge-firewall-spike";
        var scope = _args.Foundation.Scope;
        var isBlocking = _args.Settings.Action == WafAction.Block;
        _ = new Aws.CloudWatch.MetricAlarm(
            Name,
            new Aws.CloudWatch.MetricAlarmArgs
            {
                Name = scope.NameOf(Name),
                AlarmDescription = $"The firewall {(isBlocking ? "blocks" : "would block")} {_args.Settings.AlarmPerFiveMinutes} or more requests in five minutes: an attack, or a release "
                    + $"that a rule mistakes for one. The log group {new LogGroupNames(scope.ClusterName).Firewall} has the addresses and rules.",
                Namespace = "AWS/WAFV2",
                MetricName = isBlocking ? "BlockedRequests" : "CountedRequests",
                Dimensions = new InputMap<string> { { "WebACL", _name }, { "Region", scope.Account.Region }, { "Rule", "ALL" } },
                Statistic = "Sum",
                ComparisonOperator = "GreaterThanOrEqualToThreshold",
                Threshold = _args.Settings.AlarmPerFiveMinutes,
                Period = 300,
                EvaluationPeriods = 1,
                TreatMissingData = "notBreaching",
                AlarmActions = { _args.TopicArn },
                OkActions = { _args.TopicArn },
                Tags = scope.Tags.Named(scope.NameOf(Name)),
            },
            new CustomResourceOptions { Parent = this });
    }
}
