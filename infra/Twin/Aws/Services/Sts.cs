using HaCluster.Twin.Aws.Protocols;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/STS/latest/APIReference/</summary>
internal sealed class Sts(Account account)
{
    public IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "GetCallerIdentity" => [El("Arn", account.CallerArn), El("UserId", "AIDATWINTWINTWINTWIN1"), El("Account", account.Id)],
        _ => throw ServiceTable.Unknown(call),
    };
}

/// <summary>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/: the twin measures nothing, so that every metric is without data.</summary>
internal static class CloudWatch
{
    public static IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "GetMetricStatistics" => [El("Label", call.Get("MetricName")), El("Datapoints")],
        _ => throw ServiceTable.Unknown(call),
    };
}
