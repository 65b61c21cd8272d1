namespace HaCluster.Workloads.Tests.Dashboards;

public sealed class MetricNamesTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("up == 0 and on (instance) (down > 1)", "down up")]
    [InlineData("sum by (zone, node) (rate(a_total{pod=~\"b.*\",c!=\"\"}[5m]))", "a_total")]
    [InlineData("sum(a) by (b) / sum(c) without (d)", "a c")]
    [InlineData("max_over_time((zone:nodes:count - e)[1h:1m] @ 3600 offset -65m)", "e zone:nodes:count")]
    [InlineData("label_replace(a, \"b\", \"$1\", \"c\", \"(.+)\") * on (n) group_left (z) d", "a d")]
    [InlineData("a * on (n) group_left b", "a b")]
    [InlineData("a # not b\n + c", "a c")]
    [InlineData("1e3 * 0.5 + 0x1F + Inf - NaN + a offset 5m", "a")]
    [InlineData("a{b=\"}\"} or {__name__=\"c\",d='e'}", "a c")]
    [InlineData("count_values(\"version\", build_version) > bool 1", "build_version")]
    [InlineData("absent(a) unless ignoring(b) c", "a c")]
    [InlineData("topk(15, a) or vector(0)", "a")]
    [InlineData("sum BY (x) (a) AND b", "a b")]
    [InlineData("'a\\'b' == \"c\\\"d\"", "")]
    public void Metrics_are_found_and_nothing_else_is(string expression, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), MetricNames.In(expression));
}
