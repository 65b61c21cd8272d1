using HaCluster.Conformance.Emit;
using HaCluster.Engine;

namespace HaCluster.Conformance.Wire;

/// <summary>The bundled SDK and the official Node SDK send the same requests for the same program.</summary>
public sealed class WireTwinTests(NodeTwin node) : IClassFixture<NodeTwin>
{
    private const int ErrorsReported = 32;

    [SkippableTheory]
    [InlineData("aliases")]
    [InlineData("assets")]
    [InlineData("components")]
    [InlineData("config")]
    [InlineData("dependencies")]
    [InlineData("enums")]
    [InlineData("invokes")]
    [InlineData("logs")]
    [InlineData("options")]
    [InlineData("outputs")]
    [InlineData("providers")]
    [InlineData("reads")]
    [InlineData("secrets")]
    [InlineData("transformations")]
    [InlineData("unknowns")]
    [InlineData("values")]
    public async Task Sends_the_same_requests(string scenario)
    {
        await Task.WhenAll(
            CompareAsync(scenario, dryRun: false, exitCode: 0, Normalisation.Lines),
            CompareAsync(scenario, dryRun: true, exitCode: 0, Normalisation.Lines));
    }

    [SkippableTheory]
    [InlineData("applyThrows")]
    [InlineData("configMissing")]
    [InlineData("invokeFails")]
    [InlineData("programThrows")]
    [InlineData("registrationFails")]
    public async Task Stops_in_the_same_way(string scenario)
    {
        await Task.WhenAll(
            CompareAsync(scenario, dryRun: false, ErrorsReported, Normalisation.LinesAfterFailure),
            CompareAsync(scenario, dryRun: true, ErrorsReported, Normalisation.LinesAfterFailure));
    }

    private async Task CompareAsync(string scenario, bool dryRun, int exitCode, Func<IEnumerable<Request>, IReadOnlyList<string>> lines)
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var running = TwinRun.OfAsync(DotnetTwin, scenario, dryRun);
        var official = await TwinRun.OfAsync(node.Start, scenario, dryRun);
        var ours = await running;

        Assert.True(exitCode == official.ExitCode, $"Node ended with exit code {official.ExitCode}\n{official.Output}");
        Assert.True(exitCode == ours.ExitCode, $"C# ended with exit code {ours.ExitCode}\n{ours.Output}");
        var (mine, theirs) = (lines(ours.Requests), lines(official.Requests));
        Assert.True(mine.SequenceEqual(theirs, StringComparer.Ordinal),
            $"{scenario} ({(dryRun ? "preview" : "update")})\nonly C#:\n{Only(mine, theirs)}\nonly Node:\n{Only(theirs, mine)}");
    }

    private static ProgramStart DotnetTwin { get; } =
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "HaCluster.WireTwin.dll")], AppContext.BaseDirectory);

    private static string Only(IReadOnlyList<string> these, IReadOnlyList<string> others)
    {
        var left = others.ToList();
        return string.Join('\n', these.Where(line => !left.Remove(line)).Select(line => $"    {line}"));
    }
}
