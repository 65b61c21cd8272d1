using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>The dashboards against the typings that Grafana publishes for them: what it would not read, its compiler refuses.</summary>
public sealed class GrafanaTypingsTests
{
    private static readonly Tool Node = new("node", "nodejs");

    private static readonly string Packages =
        Path.Combine(Repository.Root, "tests", "Workloads.Tests", "Dashboards", "Typings", "node_modules");

    // JSON has texts where the typings have enumerations of texts.
    private const string Declarations = """
        import type { Dashboard } from '@grafana/schema';
        type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
        export const dashboard: Json<Dashboard> =
        """ + " ";

    public static TheoryData<string> Uids => [.. DashboardFile.All.Select(dashboard => dashboard.Uid)];

    [SkippableTheory]
    [MemberData(nameof(Uids))]
    public async Task Grafana_knows_every_property(string uid)
    {
        var json = DashboardFile.Of(uid).Json.DeepClone();
        // What belongs to the data source of Prometheus and not to Grafana's own format.
        foreach (var annotation in json["annotations"]!["list"]!.AsArray().Select(annotation => annotation!.AsObject()))
        {
            annotation.Remove("titleFormat");
            annotation["target"]?.AsObject().Remove("expr");
            annotation["target"]?.AsObject().Remove("interval");
        }

        Assert.Equal("", await CheckAsync(json.ToJsonString()));
    }

    [SkippableTheory]
    [InlineData("\"graphTooltip\": \"1\"")]
    [InlineData("\"grafTooltip\": 1")]
    [InlineData("\"panels\": [{\"type\": \"stat\", \"gridPos\": {\"x\": 0, \"y\": 0, \"width\": 4, \"height\": 5}}]")]
    public async Task What_Grafana_does_not_know_is_found(string property) => Assert.NotEqual("", await CheckAsync($$"""{"schemaVersion": 42, {{property}}}"""));

    [Fact]
    public void The_version_of_the_format_is_that_of_the_typings() =>
        Assert.All(DashboardFile.All, dashboard => Assert.Equal(42, dashboard.Json["schemaVersion"]!.GetValue<int>()));

    private static async Task<string> CheckAsync(string json)
    {
        Skip.If(!Directory.Exists(Packages), "needs Grafana's typings: npm ci in tests/Workloads.Tests/Dashboards/Typings");
        using var scratch = new Scratch();
        scratch.Write("dashboard.ts", Declarations + json + ";\n");
        scratch.Write("package.json", """{"type": "module"}""");
        Directory.CreateSymbolicLink(Path.Combine(scratch.Path, "node_modules"), Packages);
        var (exitCode, output) = await Node.RunAsync(
            scratch.Path,
            Path.Combine(Packages, "typescript", "bin", "tsc"),
            "--noEmit", "--strict", "--skipLibCheck", "--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler", "dashboard.ts");
        return exitCode == 0 ? "" : output.Length > 0 ? output : $"tsc ended with {exitCode}";
    }
}
