using HaCluster.Conformance.Emit;
using HaCluster.Conformance.Graphs;

namespace HaCluster.Conformance.Stacks;

/// <summary>The emitted program, run by the official Node SDK on our engine, declares what the C# program declares.</summary>
[Collection(OfficialCollection.Name)]
public sealed class OfficialRuntimeTests(OfficialTwin twin)
{
    [SkippableTheory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Graphs_differ_only_where_justified(string stack)
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var differences = Difference.Between(await twin.DeclaredAsync(stack), await twin.OfficialAsync(stack));

        var unjustified = differences.Where(difference => !JustifiedDifferences.All.Any(reason => reason.Covers(difference))).ToList();
        Assert.True(unjustified.Count == 0, $"{unjustified.Count} differences nobody has justified:\n{string.Join('\n', unjustified)}");
        var outdated = JustifiedDifferences.All.Where(reason => !differences.Any(reason.Covers)).ToList();
        Assert.True(outdated.Count == 0, $"no longer different, remove from {nameof(JustifiedDifferences)}:\n{string.Join('\n', outdated)}");
    }
}
