using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>A metric on the path of audit records.</summary>
/// <param name="Namespace">Of CloudWatch.</param>
/// <param name="Dimension">Name of its one dimension.</param>
/// <param name="Of">Value of the dimension: what is measured.</param>
public sealed record AuditMeter(string Namespace, string Dimension, Output<string> Of)
{
    /// <summary>Declares an alarm on it.</summary>
    public void Watch(SearchAlarm alarm, StackScope scope, Output<string> topic, Resource parent) => _ = new Aws.CloudWatch.MetricAlarm(
        alarm.Name,
        new Aws.CloudWatch.MetricAlarmArgs
        {
            Name = scope.NameOf(alarm.Name),
            AlarmDescription = alarm.Meaning,
            Namespace = Namespace,
            MetricName = alarm.Metric,
            Dimensions = new InputMap<string> { { Dimension, Of } },
            Statistic = alarm.Statistic,
            ComparisonOperator = alarm.Comparison,
            Threshold = alarm.Threshold,
            Period = alarm.Seconds,
            EvaluationPeriods = alarm.Periods,
            TreatMissingData = alarm.IsSilenceBad ? "breaching" : "notBreaching",
            AlarmActions = { topic },
            OkActions = { topic },
            Tags = scope.Tags.Named(scope.NameOf(alarm.Name)),
        },
        new CustomResourceOptions { Parent = parent });
}
