using System.Text.Json;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>Prometheus' own judgement of queries. Its files are YAML, and JSON is YAML.</summary>
internal static class Promtool
{
    /// <summary>Parses every query as the expression of a rule.</summary>
    /// <returns>What promtool says of those it refuses; empty when it takes all.</returns>
    public static async Task<string> ParseAsync(IEnumerable<(string Place, string Query)> queries)
    {
        using var scratch = new Scratch();
        var rules = queries.Select((query, index) => new { record = $"query:{index}", expr = query.Query, labels = new { place = query.Place } });
        scratch.Write("rules.yaml", JsonSerializer.Serialize(new { groups = new object[] { new { name = "queries", rules } } }));
        var (exitCode, output) = await Tool.Promtool.RunAsync(scratch.Path, "check", "rules", "rules.yaml");
        return exitCode == 0 ? "" : output;
    }

    /// <summary>Evaluates queries over series made by hand.</summary>
    /// <param name="series">Series with their values every minute, in the notation of promtool: <c>1+0x30 _x5 2</c>.</param>
    /// <param name="expectations">Queries, when they are asked, and the series with values that they must give.</param>
    /// <returns>What promtool says of answers that are others; empty when all are as expected.</returns>
    public static async Task<string> EvaluateAsync(
        IEnumerable<(string Series, string Values)> series, params (string Query, string At, (string Labels, double Value)[] Answer)[] expectations)
    {
        using var scratch = new Scratch();
        var tests = new
        {
            rule_files = Array.Empty<string>(),
            evaluation_interval = "1m",
            tests = new object[]
            {
                new
                {
                    interval = "1m",
                    input_series = series.Select(one => new { series = one.Series, values = one.Values }),
                    promql_expr_test = expectations.Select(expected => new
                    {
                        expr = expected.Query,
                        eval_time = expected.At,
                        exp_samples = expected.Answer.Select(sample => new { labels = sample.Labels, value = sample.Value }),
                    }),
                },
            },
        };
        scratch.Write("tests.yaml", JsonSerializer.Serialize(tests));
        var (exitCode, output) = await Tool.Promtool.RunAsync(scratch.Path, "test", "rules", "tests.yaml");
        return exitCode == 0 ? "" : output;
    }
}
