using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Workloads.Tests.Dashboards;
using HaCluster.Workloads.Tests.Rendered;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>
/// The sentinel's names are in its contract, infra/Stack/Chains/SENTINEL.md. The program, the rules, the dashboards, the runbooks, the PowerShell module and the local
/// twin use these and no other.
/// </summary>
public sealed partial class NamesTests
{
    private static readonly string[] Histograms = ["sentinel_poll_seconds", "sentinel_rpc_seconds"];

    private static readonly string Contract = File.ReadAllText(Path.Combine(Repository.Root, "infra/Stack/Chains/SENTINEL.md"));

    /// <summary>Of the contract's table: the series that Prometheus gets.</summary>
    private static readonly HashSet<string> Series = [.. Metric().Matches(Section("Metrics")).Select(match => match.Value).Distinct()
        .SelectMany(name => Histograms.Contains(name) ? new[] { $"{name}_bucket", $"{name}_count", $"{name}_sum" } : [name])];

    [Fact]
    public void The_program_has_the_metrics_of_the_contract() =>
        Assert.Equal(
            Metric().Matches(Section("Metrics")).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
            Constants("HaCluster.Sentinel.Metrics.MetricNames").Order(StringComparer.Ordinal));

    [Fact]
    public void The_program_has_the_reasons_of_the_contract() =>
        Assert.Equal(
            ReasonsOf("ready").Concat(ReasonsOf("live")).Distinct().Order(StringComparer.Ordinal),
            Constants("HaCluster.Sentinel.Decisions.Reasons").Order(StringComparer.Ordinal));

    [Fact]
    public void The_list_of_known_metrics_has_those_of_the_contract() =>
        Assert.Equal(Series.Order(StringComparer.Ordinal), KnownMetrics.Names.Where(name => name.StartsWith("sentinel_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Rules_dashboards_and_runbooks_ask_for_metrics_of_the_contract()
    {
        var prod = await RenderedStack.Prod;
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "examples"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra/Stack"), "*.md", SearchOption.AllDirectories).Where(page => !page.EndsWith("SENTINEL.md", StringComparison.Ordinal)));
        (string Place, string Text)[] texts =
        [
            .. prod.Files.Where(file => file.Key.StartsWith("prometheus/", StringComparison.Ordinal) || file.Key.StartsWith("grafana/", StringComparison.Ordinal))
                .Select(file => (file.Key, file.Value)),
            .. pages.Select(page => (page, File.ReadAllText(page))),
        ];

        var used = texts.SelectMany(text => Metric().Matches(text.Text).Select(match => (text.Place, Name: match.Value))).Distinct().ToList();

        Assert.True(used.Select(use => use.Name).Distinct().Count() > 20, "the texts were not found");
        Assert.DoesNotContain(used, use => !Series.Contains(use.Name));
    }

    [Fact]
    public async Task Matchers_of_rules_name_labels_and_values_of_the_contract()
    {
        string[] labels = ["chain", "network", "client", "version", "method", "fault", "namespace", "pod"];
        var rules = string.Concat((await RenderedStack.Prod).Under("prometheus/rules").Values);

        var matchers = Selector().Matches(rules).SelectMany(match => Matcher().Matches(match.Groups[1].Value)).Select(match => (Label: match.Groups[1].Value, Value: match.Groups[2].Value)).ToList();

        Assert.NotEmpty(matchers);
        Assert.All(matchers, matcher => Assert.Contains(matcher.Label, labels));
        Assert.All(matchers.Where(matcher => matcher.Label == "fault"), matcher => Assert.Contains(matcher.Value, Faults()));
        Assert.All(matchers.Where(matcher => matcher.Label == "chain"), matcher => Assert.Contains(matcher.Value, (string[])["bitcoin", "ethereum"]));
    }

    [Fact]
    public async Task A_running_sentinel_tells_faults_arguments_and_members_of_the_contract()
    {
        await using var sentinel = await SentinelProcess.StartAsync(
            new IPEndPoint(IPAddress.Loopback, Waiting.FreePort()), "bitcoin-0", ["--chain=bitcoin", "--network=mainnet", "--client=btcd", "--rpc=http://127.0.0.1:1"]);

        var metrics = (await sentinel.GetAsync("/metrics")).Body;
        Assert.Equal(Faults().Order(StringComparer.Ordinal), Fault().Matches(metrics).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Subset(Series, MetricNames.In(string.Join('\n', metrics.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0]).Select(series => $"({series})").Aggregate((all, one) => $"{all} or {one}"))).ToHashSet());
        Assert.Equal(Members(Example()), Members(await sentinel.StatusAsync()));

        var help = (await SentinelProcess.RunAsync("--help")).Output;
        Assert.Equal(
            Argument().Matches(Section("Arguments")).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
            Argument().Matches(help).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_module_and_the_twin_use_members_reasons_and_the_port_of_the_contract()
    {
        var (wire, views, twin) = (Source("module/Operations/Monitoring/MonitoringWire.cs"), Source("module/Operations/Viewing/ClusterViews_Data.cs"), Source("infra/Twin/World/Monitoring/StandIns.cs"));
        var members = Members(Example()).Concat(Members(Example().GetProperty("head"))).Concat(Members(Example().GetProperty("reference"))).ToHashSet();

        var reader = wire[wire.IndexOf("class SentinelWire", StringComparison.Ordinal)..];
        var read = Read().Matches(reader).Select(match => match.Groups["member"].Value).ToList();
        Assert.True(read.Count > 10, reader);
        Assert.Subset(members, read.ToHashSet());

        var writer = twin[twin.IndexOf("Task SentinelAsync", StringComparison.Ordinal)..];
        var written = Written().Matches(writer[..writer.IndexOf("\n    }", StringComparison.Ordinal)]).Select(match => match.Groups["member"].Value).Where(name => name != "error").ToHashSet();
        Assert.Subset(members, written);
        // A part of the cluster whose parts the twin does not play.
        Assert.Equal(["consensus"], Members(Example()).Except(written));

        var reasons = Reason().Matches(views + twin).SelectMany(match => match.Groups.Values.Skip(1)).Where(group => group.Success).Select(group => group.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["ok", "starting", "unanswered"], reasons);
        Assert.Superset(reasons.ToHashSet(), ReasonsOf("ready").ToHashSet());
        Assert.All((string[])[reader, twin], text => Assert.Contains("\"9800\"", text, StringComparison.Ordinal));
    }

    private static string Source(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static string Section(string heading)
    {
        var start = Contract.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        var end = Contract.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Contract[start..] : Contract[start..end];
    }

    /// <summary>Constants of a class of the program, which are its own business otherwise.</summary>
    private static IEnumerable<string> Constants(string type) => Assembly.Load("sentinel").GetType(type, throwOnError: true)!
        .GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> ReasonsOf(string probe) =>
        Quoted().Matches(ReasonList().Matches(Section("Endpoints")).Single(match => match.Groups[1].Value == probe).Groups[2].Value).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Faults() => Quoted().Matches(FaultList().Match(Section("Metrics")).Groups[1].Value).Select(match => match.Groups[1].Value);

    private static JsonElement Example() => JsonDocument.Parse(JsonSample().Match(Section("Endpoints")).Groups[1].Value).RootElement;

    private static IEnumerable<string> Members(JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonSample();

    [GeneratedRegex(@"\bsentinel_[a-z_]*[a-z]\b")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Reasons of `/(\w+)`: ([^.]*)\.")]
    private static partial Regex ReasonList();

    [GeneratedRegex("failed calls by `fault`: ([^;]*);")]
    private static partial Regex FaultList();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bsentinel_[a-z_]+\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("(\\w+)\\s*(?:=~|!~|!=|=)\\\\?\"([^\"\\\\]*)")]
    private static partial Regex Matcher();

    [GeneratedRegex("""^sentinel_rpc_errors_total\{.*fault="([^"]+)".*\}""", RegexOptions.Multiline)]
    private static partial Regex Fault();

    [GeneratedRegex(@"--(?!help|version)[a-z][a-z-]*[a-z]")]
    private static partial Regex Argument();

    [GeneratedRegex("""(?:json|head|reference)\.(?:Str|Bool|Object|Time)\("(?<member>\w+)"\)|(?:Long|TimeOf)\(\w+, "(?<member>\w+)"\)""")]
    private static partial Regex Read();

    [GeneratedRegex("""(?:\(|\s)\("(?<member>\w+)",|head\["(?<member>\w+)"\]""")]
    private static partial Regex Written();

    [GeneratedRegex("""Reason == "([a-z-]+)"|isReady \? "([a-z-]+)" : "([a-z-]+)"|pod\.IsReady, "([a-z-]+)", why""")]
    private static partial Regex Reason();
}
