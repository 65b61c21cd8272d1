using System.Globalization;
using System.Text.RegularExpressions;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Policies;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What pages show and count is what the program prints and counts now.</summary>
public sealed partial class SampleTests
{
    private const string Cut = "...";

    private static readonly Dictionary<string, Func<string>> Counts = new(StringComparer.Ordinal)
    {
        ["alerts"] = () => Text(Directory.GetFiles(Page.FullPathOf("examples/runbooks/alerts"), "*.md").Count(path => !path.EndsWith("README.md", StringComparison.Ordinal))),
        ["dashboards"] = () => Found("", @"Dashboards: (\d+) ConfigMap"),
        ["policies"] = () => Text(PolicyCatalog.All.Length),
        ["incomplete policies"] = () => Words(Found("", @"policies hold, (\d+) are incomplete")),
        ["minutes of the first up"] = () => Found("", @"First up about (\d+) min"),
        ["vCPUs on demand at rest"] = () => Found("quota", @"L-1216C47A .*? (\d+)-\d+ "),
        ["vCPUs of a new account"] = () => Found("quota", @"L-1216C47A .*? \d+-\d+ 0 (\d+) "),
        ["USD at rest"] = () => Hundreds(Found("cost", @" total ([\d,.]+) ")),
        ["USD at most"] = () => Hundreds(Found("cost", @" with spot groups on demand [\d,.]+ ([\d,.]+) ")),
        ["nodes"] = () => Words(Found("prove --stack prod", @"\d+ zones, (\d+) nodes")),
        ["NAT gateways"] = () => Words(Found("cost", @" NAT gateway (\d+) ")),
        ["interface endpoints"] = () => Found("cost", @"interface endpoint, per zone (\d+) "),
        ["databases"] = () => Words(Found("quota", @" DB instances (\d+) ")),
        ["TiB of volumes"] = () => Text(Math.Round(double.Parse(Found("quota", @"L-7A658B76 .*? ([\d.]+)-"), CultureInfo.InvariantCulture))),
        ["seconds for fixes"] = () => Text(HaCommandLine.Create(new Terminals(new TestConsole(), new TestConsole(), () => Stream.Null)).Subcommands.Single(command => command.Name == "prove")
            .Options.Single(option => option.Name == "--fix-seconds").GetDefaultValue()!),
    };

    public static TheoryData<string, string, string> Sessions
    {
        get
        {
            var sessions = new TheoryData<string, string, string>();
            foreach (var path in Page.Paths)
            {
                foreach (var (command, output) in new Page(path).Samples.SelectMany(sample => sample.Session))
                {
                    if (OfHa().Match(command) is { Success: true } ours)
                        sessions.Add(path, ours.Groups["arguments"].Value, string.Join('\n', output));
                }
            }

            return sessions;
        }
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void What_a_page_shows_is_what_the_command_prints(string page, string arguments, string shown)
    {
        var printed = Printed.By(arguments);
        var at = 0;
        foreach (var part in shown.Split('\n').Aggregate(new List<string> { "" }, Joined).Select(Printed.Plain).Where(part => part.Length > 0))
        {
            var next = printed.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"{page}: 'ha {arguments}' does not print\n{part}\nbut\n{printed}");
            at = next + part.Length;
        }
    }

    [Theory]
    [InlineData("README.md", "alerts", @"(\d+) \[runbooks for alerts\]")]
    [InlineData("README.md", "USD at rest", @"about ([\d,]+) USD per month at first")]
    [InlineData("README.md", "USD at most", @"up to ([\d,]+) with every group at its maximum")]
    [InlineData("README.md", "vCPUs on demand at rest", @"needs (\d+) vCPUs on demand to begin with")]
    [InlineData("README.md", "vCPUs of a new account", @"a fresh account has (\d+)")]
    [InlineData("README.md", "minutes of the first up", @"about (\d+) minutes for the first `up`")]
    [InlineData("CHANGELOG.md", "alerts", @"monitoring with (\d+) alerts")]
    [InlineData("CHANGELOG.md", "policies", @"(\d+) checks for availability and security")]
    [InlineData("infra/Planning/README.md", "policies", @"against (\d+) policies")]
    [InlineData("infra/Planning/README.md", "incomplete policies", @"`prod` has (\w+) such policies")]
    [InlineData("infra/Planning/README.md", "seconds for fixes", @"looked for during (\d+) s")]
    [InlineData("examples/runbooks/proof/README.md", "seconds for fixes", @"`--fix-seconds` \((\d+) by default")]
    [InlineData("infra/Stack/README.md", "alerts", @"(\d+) alerts with a \[runbook\]")]
    [InlineData("infra/Stack/README.md", "dashboards", @"(\d+) dashboards")]
    [InlineData("infra/Stack/README.md", "minutes of the first up", @"\*\*About (\d+) minutes\*\*")]
    [InlineData("infra/Stack/README.md", "nodes", @"(\w+) on-demand instances")]
    [InlineData("infra/Stack/README.md", "NAT gateways", @"instances, (\w+) NAT gateways")]
    [InlineData("infra/Stack/README.md", "interface endpoints", @"(\d+) interface endpoints")]
    [InlineData("infra/Stack/README.md", "databases", @"(\w+) database instances")]
    [InlineData("infra/Stack/README.md", "TiB of volumes", @"(\d+) TiB of\s+volumes")]
    public void A_number_in_a_page_is_the_number_of_the_program(string page, string count, string pattern)
    {
        var written = MatchesOf(pattern, new Page(page).Text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(written);
        Assert.All(written, number => Assert.Equal(Counts[count](), number));
    }

    [Fact]
    public void The_message_in_the_picture_is_about_objects_of_the_cluster()
    {
        var picture = File.ReadAllText(Page.FullPathOf("examples/runbooks/slack-message.svg"));
        var alert = Firing().Match(picture);
        Assert.True(File.Exists(Page.FullPathOf($"examples/runbooks/alerts/{alert.Groups["alert"].Value}.md")), alert.Value);
        var claim = Claim().Match(picture);
        Assert.True(claim.Success, "no claim of a StatefulSet is in the picture");
        Assert.Matches($@" {alert.Groups["namespace"].Value} .*? {claim.Groups["set"].Value} StatefulSet ", Printed.By(""));
        Assert.Contains($"({Found("", @"Notable Cluster ([\w-]+),")})", picture, StringComparison.Ordinal);
    }

    private static List<string> Joined(List<string> parts, string line)
    {
        if (line.Trim() == Cut)
            parts.Add("");
        else
            parts[^1] += line + "\n";
        return parts;
    }

    /// <summary>Patterns of the table above: none can be generated.</summary>
    private static MatchCollection MatchesOf(string pattern, string text)
    {
#pragma warning disable RS0030
        return Regex.Matches(text, pattern);
#pragma warning restore RS0030
    }

    private static string Found(string arguments, string pattern)
    {
        var printed = Printed.By(arguments);
        var match = MatchesOf(pattern, printed).FirstOrDefault();
        Assert.True(match is not null, $"'ha {arguments}' prints nothing like {pattern}\n{printed}");
        return match.Groups[1].Value;
    }

    private static string Text(object number) => Convert.ToString(number, CultureInfo.InvariantCulture)!;

    private static string Hundreds(string amount) =>
        (Math.Round(decimal.Parse(amount, CultureInfo.InvariantCulture) / 100) * 100).ToString("N0", CultureInfo.InvariantCulture);

    private static string Words(string number) => number switch
    {
        "1" => "one",
        "2" => "two",
        "3" => "three",
        "4" => "four",
        "5" => "five",
        "6" => "six",
        "7" => "seven",
        "8" => "eight",
        "9" => "nine",
        "10" => "ten",
        _ => number,
    };

    [GeneratedRegex(@"^(ha|dotnet run --project infra/Cli( --)?)( (?<arguments>.*))?\z")]
    private static partial Regex OfHa();

    [GeneratedRegex(@"\[FIRING:1\] (?<alert>\w+) in (?<namespace>[\w-]+)")]
    private static partial Regex Firing();

    [GeneratedRegex(@">data-(?<set>[\w-]+)-[0-9]+<")]
    private static partial Regex Claim();
}
