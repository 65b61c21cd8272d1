using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Settings.Monitoring;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Alarms;

/// <summary>Input of <see cref="AlarmTopics"/>.</summary>
public sealed record AlarmTopicsArgs
{
    public required Foundation Foundation { get; init; }

    public required MonitoringSettings Settings { get; init; }
}

/// <summary>
/// The way to people that does not lead through Slack or the cluster: alarms of AWS itself, critical alerts once more, and the heartbeat of
/// the cluster's monitoring. While all is well Alertmanager writes to the heartbeat topic every few minutes; when that stops, for whatever
/// reason, an alarm of CloudWatch fires, which needs nothing that runs in the cluster.
/// </summary>
public sealed class AlarmTopics : ComponentResource
{
    public const string TypeToken = "ha-cluster:alarms:Topics";

    private const string Critical = "critical";
    private const string Heartbeat = "heartbeat";

    // SNS hands its numbers to CloudWatch every five minutes (https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html);
    // one late number must not wake anybody.
    private const int PeriodSeconds = 300;
    private const int SilentPeriods = 3;

    public AlarmTopics(string name, AlarmTopicsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        CriticalArn = DeclareTopic(Critical, "Critical alerts", args).Arn;
        foreach (var (email, index) in args.Settings.CriticalEmails.Select((email, index) => (email, index)))
        {
            _ = new Aws.Sns.TopicSubscription(
                $"{Critical}-{index}",
                new Aws.Sns.TopicSubscriptionArgs { Topic = CriticalArn, Protocol = "email", Endpoint = email },
                new CustomResourceOptions { Parent = this });
        }

        if (args.Settings.IsEnabled)
            HeartbeatArn = DeclareHeartbeat(args, CriticalArn);

        RegisterOutputs(new Dictionary<string, object?> { ["criticalArn"] = CriticalArn });
    }

    /// <summary>SNS topic of what must reach a person; CloudWatch alarms name it as their action.</summary>
    public Output<string> CriticalArn { get; }

    /// <summary>SNS topic that monitoring writes to while it works; empty when monitoring is disabled.</summary>
    public Output<string> HeartbeatArn { get; } = Output.Create("");

    private Output<string> DeclareHeartbeat(AlarmTopicsArgs args, Output<string> critical)
    {
        var scope = args.Foundation.Scope;
        var heartbeat = DeclareTopic(Heartbeat, "Heartbeat of monitoring", args);
        _ = new Aws.CloudWatch.MetricAlarm(
            "heartbeat-lost",
            new Aws.CloudWatch.MetricAlarmArgs
            {
                Name = scope.NameOf("heartbeat-lost"),
                AlarmDescription = $"Alertmanager of {scope.ClusterName} has sent no heartbeat for {PeriodSeconds * SilentPeriods / 60} minutes: nobody is told of anything "
                    + "that happens in the cluster. Look at the namespace monitoring, at the nodes, at the NAT gateways.",
                Namespace = "AWS/SNS",
                MetricName = "NumberOfMessagesPublished",
                Dimensions = { ["TopicName"] = heartbeat.Name },
                Statistic = "Sum",
                Period = PeriodSeconds,
                EvaluationPeriods = SilentPeriods,
                Threshold = 1,
                ComparisonOperator = "LessThanThreshold",
                // A topic that nobody writes to has no numbers at all, and that is what the alarm is for.
                TreatMissingData = "breaching",
                AlarmActions = { critical },
                OkActions = { critical },
                Tags = scope.Tags.Named(scope.NameOf("heartbeat-lost")),
            },
            new CustomResourceOptions { Parent = this });
        return heartbeat.Arn;
    }

    private (Output<string> Name, Output<string> Arn) DeclareTopic(string name, string display, AlarmTopicsArgs args)
    {
        var scope = args.Foundation.Scope;
        var topic = new Aws.Sns.Topic(
            name,
            new Aws.Sns.TopicArgs
            {
                Name = scope.NameOf(name),
                DisplayName = $"{display}: {scope.ClusterName}",
                KmsMasterKeyId = args.Foundation.Keys.Alarms.Arn,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        var policy = new Aws.Sns.TopicPolicy(
            name,
            new Aws.Sns.TopicPolicyArgs
            {
                Arn = topic.Arn,
                Policy = Output.Tuple(topic.Arn, scope.Account.Id).Apply(found => PolicyDocument.Json(Publishers(found.Item1, found.Item2))),
            },
            new CustomResourceOptions { Parent = this });

        // Who gets the ARN may be refused until the policy is there.
        return (topic.Name, Output.Tuple(topic.Arn, policy.Id).Apply(made => made.Item1));
    }

    // Roles of this account publish with policies of their own; services have none and are named here.
    private static IEnumerable<PolicyStatement> Publishers(string topic, string account) =>
        AlarmSources.All.Select(service => new PolicyStatement
        {
            Sid = service.Sid,
            Principal = ("Service", service.Principal),
            Actions = ["sns:Publish"],
            Resources = [topic],
            Conditions = [PolicyCondition.Is("aws:SourceAccount", account)],
        });
}

/// <summary>Services of AWS that write to the topics: they need a place in the policies of the topics and of their key.</summary>
public static class AlarmSources
{
    /// <summary>Alarms of CloudWatch; events of RDS, such as a failover
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html).</summary>
    public static readonly ImmutableArray<(string Sid, string Principal)> All =
        [("CloudWatch", "cloudwatch.amazonaws.com"), ("Databases", "events.rds.amazonaws.com")];
}
