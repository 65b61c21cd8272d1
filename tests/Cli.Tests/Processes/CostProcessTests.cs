using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

public sealed class CostProcessTests
{
    private const string Heading = "region,item,unit,usd,date,source\n";

    [Theory]
    [InlineData("prod")]
    [InlineData("dev")]
    public void Every_resource_of_the_stacks_is_priced_or_known_to_be_free(string stack)
    {
        using var json = Json("cost", "--stack", stack, "--json", "-");
        var root = json.RootElement;
        Assert.Equal(("hacluster.cost/1", stack, "eu-central-1"), (Text(root, "format"), Text(root, "stack"), Text(root, "region")));
        Assert.Equal("[]", root.GetProperty("unpriced").GetRawText());
        Assert.True(AtRest(root) > 100);
    }

    [Fact]
    public void What_Kubernetes_makes_in_AWS_counts_too()
    {
        using var json = Json("cost", "--json", "-");
        var lines = json.RootElement.GetProperty("components").EnumerateArray()
            .SelectMany(component => component.GetProperty("lines").EnumerateArray())
            .Select(line => Text(line, "what"))
            .ToHashSet();
        Assert.Superset(
            new HashSet<string?> { "bitcoin: volumes", "prometheus-monitoring-prometheus: volumes", "alertmanager-monitoring-alertmanager: volumes", "edge-load-balancer: NLB", "general: disks" }, lines);
    }

    [Fact]
    public void It_is_plain_text_with_the_date_of_the_prices()
    {
        var result = Ha.Run(Ha.Checkout, new Dictionary<string, string?> { ["COLUMNS"] = "80" }, "cost", "--stack", "dev");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.All(result.Lines, line => Assert.True(line.Length <= 80 && line == line.TrimEnd(), $"'{line}'"));
        Assert.Contains("\nPrices of 2023-02-20 to ", result.Output, StringComparison.Ordinal);
        Assert.Contains("NAT gateway per zone", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_costs_what_its_document_costs_and_another_stack_something_else()
    {
        using var scratch = new Scratch();
        var plan = scratch.At("dev.json");
        Assert.Equal(0, Ha.Answer("plan", "--stack", "dev", "--json", plan).ExitCode);
        using var same = Json("cost", "--stack", "dev", "--against", plan, "--json", "-");
        Assert.Equal("[]", same.RootElement.GetProperty("difference").GetProperty("lines").GetRawText());
        var other = Ha.Answer("cost", "--stack", "dev", "--against", "prod");
        Assert.Equal((0, ""), (other.ExitCode, other.Error));
        Assert.Contains("against stack prod in eu-central-1", other.Output, StringComparison.Ordinal);
        Assert.Matches(@"Component +Before +After +Change +Change at maximum\n", other.Output);
        Assert.Matches(@"Item +Number +Change +Change at maximum\n", other.Output);
        Assert.Contains("-  databases, mysql: db.r7g.large", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_prices_and_amounts_change_the_sum()
    {
        using var scratch = new Scratch();
        var prices = scratch.Write("own.csv", Heading + "eu-central-1,nat:hour,hour,0.152,2026-01-31,contract\n");
        using var before = Json("cost", "--stack", "dev", "--json", "-");
        using var after = Json("cost", "--stack", "dev", "--json", "-", "--prices", prices, "--assume", "nat-gb=1200");
        // 0.10 USD more for 730 hours of one gateway, and 1000 GB more at 0.052 USD.
        Assert.Equal(AtRest(before.RootElement) + 73 + 52, AtRest(after.RootElement));
    }

    [Fact]
    public void Json_to_a_file_comes_with_the_view()
    {
        using var scratch = new Scratch();
        var path = scratch.At("cost.json");
        var result = Ha.Answer("cost", "--stack", "dev", "--json", path);
        Assert.EndsWith($"Written: {path}\n", result.Output.ReplaceLineEndings("\n").Replace("\n" + path, " " + path, StringComparison.Ordinal), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal("hacluster.cost/1", Text(json.RootElement, "format"));
        Assert.Equal([path], Directory.GetFiles(scratch.Path));
    }

    [Theory]
    [InlineData("--prices", Heading + "eu-central-1,nat:hour,hour,much,2026-01-31,x\n", ":2:28: usd is 'much'")]
    [InlineData("--prices", "nonsense\n", ":1:1: the heading must read")]
    [InlineData("--against", "{}", "not a plan: there is no 'format' entry")]
    [InlineData("--against", "{\"format\": \"hacluster.plan/9\"}", "this version reads hacluster.plan/1")]
    public void A_file_that_cannot_be_read_ends_with_2(string option, string text, string expected)
    {
        using var scratch = new Scratch();
        AssertUnusable(expected, Ha.Answer("cost", "--stack", "dev", option, scratch.Write("input.json", text)));
    }

    [Theory]
    [InlineData("--prices nowhere.csv", "nowhere.csv cannot be read")]
    [InlineData("--against nowhere.json", "--against nowhere.json: ")]
    [InlineData("--against staging", "those that exist: dev, prod")]
    [InlineData("--assume gnat=1", "'gnat' is not an assumption")]
    [InlineData("--json /nowhere/at/all.json", "its directory does not exist")]
    public void What_does_not_exist_ends_with_2(string arguments, string expected) =>
        AssertUnusable(expected, Ha.Answer(["cost", "--stack", "dev", .. arguments.Split(' ')]));

    [Fact]
    public void A_region_without_prices_ends_with_2_and_names_those_that_exist()
    {
        using var scratch = new Scratch();
        var settings = scratch.Write("settings.yaml", "config:\n  aws:region: sa-east-1\n");
        AssertUnusable("no prices for sa-east-1; regions with prices: ap-southeast-1, eu-central-1", Ha.Answer("cost", "--settings", settings));
    }

    private static void AssertUnusable(string expected, HaResult result)
    {
        Assert.True(result.ExitCode == 2, $"ended with {result.ExitCode}: {result.Error}");
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var result = Ha.Answer(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Output);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static decimal AtRest(JsonElement root) => root.GetProperty("monthly").GetProperty("atRest").GetDecimal();
}
