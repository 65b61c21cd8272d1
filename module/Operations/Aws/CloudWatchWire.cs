using System.Globalization;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>CloudWatch (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html).</summary>
internal sealed class CloudWatchWire(AwsConnection connection) : IMetrics
{
    public Task<MetricValue?> FindLatestAsync(
        string @namespace, string name, IReadOnlyDictionary<string, string> dimensions, string statistic, TimeSpan within, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync($"metric {@namespace} {name}", async () =>
        {
            var now = DateTimeOffset.UtcNow;
            (string, string)[] parameters =
            [
                ("Namespace", @namespace), ("MetricName", name), ("Period", "60"), ("Statistics.member.1", statistic),
                ("StartTime", (now - within).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                // Times have whole seconds: what was measured in this one counts too.
                ("EndTime", now.AddSeconds(60).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                .. dimensions.SelectMany((one, at) => new[] { ($"Dimensions.member.{at + 1}.Name", one.Key), ($"Dimensions.member.{at + 1}.Value", one.Value) }),
            ];
            var answer = await connection.Query(AwsService.CloudWatch).CallAsync("GetMetricStatistics", parameters, cancellationToken);
            return answer.List("Datapoints")
                .Select(point => new MetricValue(
                    DateTimeOffset.Parse(point.Text("Timestamp") ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    double.Parse(point.Text(statistic) ?? "", CultureInfo.InvariantCulture)))
                .OrderBy(value => value.At).LastOrDefault();
        });
}
