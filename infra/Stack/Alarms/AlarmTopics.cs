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
/// The notification channel that needs neither Slack nor the cluster: alarms of AWS, critical alerts, and the heartbeat of
/// the cluster's monitoring. While monitoring works, Alertmanager writes to the heartbeat topic every few minutes; when that stops, for any
/// reason, a CloudWatch alarm fires, which depends on nothing in the cluster.
/// </summary>
public sealed class AlarmTopics : ComponentResource
{
    public const string TypeToken = "ha-cluster:alarms:Topics";

    private const string Critical = "critical";
    private const string Heartbeat = "heartbeat";

    // SNS sends its metrics to CloudWatch every five minutes (https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html);
    // a single late data point must not trigger the alarm.
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

    /// <summary>SNS topic for critical messages; the action of the CloudWatch alarms.</summary>
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
                AlarmDescription = $"Alertmanager of {scope.ClusterName} has sent no heartbeat for {PeriodSeconds * SilentPeriods / 60} minutes: no alert of the cluster "
                    + "reaches anyone. Check the namespace monitoring, the nodes and the NAT gateways.",
                Namespace = "AWS/SNS",
                MetricName = "NumberOfMessagesPublished",
                Dimensions = { ["TopicName"] = heartbeat.Name },
                Statistic = "Sum",
                Period = PeriodSeconds,
                EvaluationPeriods = SilentPeriods,
                Threshold = 1,
                ComparisonOperator = "LessThanThreshold",
                // A topic without messages has no data points at all; the alarm must fire then.
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

        // Publishers may be refused until the policy exists, so the ARN depends on it.
        return (topic.Name, Output.Tuple(topic.Arn, policy.Id).Apply(made => made.Item1));
    }

    // Roles of this account publish with their own policies; AWS services have none and are listed here.
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
