using System.Text.Json;
using HaCluster.Planning.ServiceQuotas;

namespace HaCluster.Planning.Tests.ServiceQuotas;

public sealed class QuotaComparisonTests
{
    [Theory]
    [InlineData(10, 0, 10, QuotaVerdict.Tight, 0)]
    [InlineData(10, 1, 10, QuotaVerdict.Short, 1)]
    [InlineData(8, 0, 10, QuotaVerdict.Fits, 0)]
    [InlineData(8, 1, 10, QuotaVerdict.Tight, 0)]
    [InlineData(3, 20, 10, QuotaVerdict.Short, 13)]
    public void Need_and_use_together_have_to_fit(int need, int use, int limit, QuotaVerdict verdict, int shortBy)
    {
        var answer = Answer(need, new QuotaReading(use), new QuotaReading(limit));
        Assert.Equal((verdict, shortBy), (answer.Verdict, answer.ShortBy));
    }

    [Fact]
    public void What_could_not_be_read_is_unknown_and_never_fine()
    {
        Assert.Equal(QuotaVerdict.Unknown, Answer(1, new QuotaReading(0), QuotaReading.Missing("denied")).Verdict);
        var answer = Answer(1, QuotaReading.Missing("denied"), new QuotaReading(100));
        Assert.Equal((QuotaVerdict.Unknown, "denied"), (answer.Verdict, answer.Unread));
    }

    [Fact]
    public void A_need_above_the_limit_is_short_whatever_others_use() =>
        Assert.Equal(QuotaVerdict.Short, Answer(11, QuotaReading.Missing("denied"), new QuotaReading(10)).Verdict);

    [Fact]
    public void A_limit_that_is_asked_for_is_a_whole_number() => Assert.Equal(4, Answer(3.25m, new QuotaReading(0.5m), new QuotaReading(1)).Wanted);

    [Fact]
    public void What_others_have_does_not_count_for_a_limit_of_one_resource()
    {
        var comparison = Compare(use: 1000);
        Assert.Equal(0, comparison.Answers.Single(answer => answer.Need.Quota.Code == "L-6D54EA21").Use.Value);
        Assert.Equal(1000, comparison.Answers.Single(answer => answer.Need.Quota.Code == "L-0263D0A3").Use.Value);
    }

    [Fact]
    public void The_most_urgent_comes_first() => Assert.Equal("L-0263D0A3", Compare(use: 1000).Answers[0].Need.Quota.Code);

    [Fact]
    public void The_document_tells_need_use_limit_and_what_is_missing()
    {
        using var stream = new MemoryStream();
        QuotaDocument.Write(stream, "prod", "eu-central-1", Compare(use: 4));
        using var document = JsonDocument.Parse(stream.ToArray());
        var root = document.RootElement;
        Assert.Equal("format", root.EnumerateObject().First().Name);
        Assert.Equal(
            ("hacluster.quota/1", "prod", "123456789012", false, 1),
            (root.GetProperty("format").GetString(), root.GetProperty("stack").GetString(), root.GetProperty("account").GetString(), root.GetProperty("fits").GetBoolean(), root.GetProperty("short").GetInt32()));
        var first = root.GetProperty("quotas")[0];
        Assert.Equal(
            ("ec2", "L-0263D0A3", "short", 3m, 4m, 5m, 2m),
            (first.GetProperty("service").GetString(), first.GetProperty("code").GetString(), first.GetProperty("verdict").GetString(), first.GetProperty("need").GetProperty("atMost").GetDecimal(),
                first.GetProperty("use").GetDecimal(), first.GetProperty("limit").GetDecimal(), first.GetProperty("shortBy").GetDecimal()));
    }

    private static QuotaAnswer Answer(decimal need, QuotaReading use, QuotaReading limit) =>
        new(QuotaNeed.Of("ec2", "L-0263D0A3", need, "how"), use, limit);

    private static QuotaComparison Compare(decimal use)
    {
        var needs = new QuotaNeeds([QuotaNeed.Of("eks", "L-6D54EA21", 2, "groups"), QuotaNeed.Of("ec2", "L-0263D0A3", 3, "addresses")], ["a note"]);
        return QuotaComparison.Of("123456789012", needs, _ => new QuotaReading(use), quota => new QuotaReading(quota.Default));
    }
}
