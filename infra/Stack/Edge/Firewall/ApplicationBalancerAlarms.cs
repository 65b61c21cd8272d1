using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Alarms on metrics of the application load balancer and its targets.</summary>
/// <remarks>https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html</remarks>
internal sealed class ApplicationBalancerAlarms(Aws.LB.LoadBalancer balancer, Aws.LB.TargetGroup targets, StackScope scope, Output<string> topic)
{
    // Answers of its own in a minute: it has no proxy, or the firewall did not answer.
    private const int Failures = 10;

    public void Declare(Resource parent)
    {
        Alarm(
            parent,
            "edge-no-proxies",
            "HealthyHostCount",
            "Maximum",
            "LessThanThreshold",
            1,
            "The load balancer of the sites has no healthy target, so no site can be reached. Check the pods of the gateway in the namespace platform.",
            new InputMap<string> { { "LoadBalancer", balancer.ArnSuffix }, { "TargetGroup", targets.ArnSuffix } },
            isSilenceBad: true);
        Alarm(
            parent,
            "edge-failures",
            "HTTPCode_ELB_5XX_Count",
            "Sum",
            "GreaterThanOrEqualToThreshold",
            Failures,
            $"The load balancer of the sites itself returns errors for {Failures} or more requests per minute. Check the pods of the gateway and AWS WAF.",
            new InputMap<string> { { "LoadBalancer", balancer.ArnSuffix } },
            isSilenceBad: false);
    }

    private void Alarm(
        Resource parent, string name, string metric, string statistic, string comparison, double threshold, string meaning, InputMap<string> dimensions, bool isSilenceBad) =>
        _ = new Aws.CloudWatch.MetricAlarm(
            name,
            new Aws.CloudWatch.MetricAlarmArgs
            {
                Name = scope.NameOf(name),
                AlarmDescription = meaning,
                Namespace = "AWS/ApplicationELB",
                MetricName = metric,
                Dimensions = dimensions,
                Statistic = statistic,
                ComparisonOperator = comparison,
                Threshold = threshold,
                Period = 60,
                EvaluationPeriods = 3,
                TreatMissingData = isSilenceBad ? "breaching" : "notBreaching",
                AlarmActions = { topic },
                OkActions = { topic },
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = parent });
}
