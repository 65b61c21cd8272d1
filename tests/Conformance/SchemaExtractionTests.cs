using HaCluster.Conformance.Emit;

namespace HaCluster.Conformance;

/// <summary>The schemas in the repository are what the extractor makes of the pinned typings and the list of resources.</summary>
public sealed class SchemaExtractionTests
{
    [SkippableFact]
    public async Task Schemas_are_what_the_extractor_writes()
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var extractor = await Programs.RunAsync(NodePackages.Node!, ["extract.mjs", "--check"], Checkout.Typings);
        Assert.True(extractor.Succeeded, $"node extract.mjs --check ended with exit code {extractor.ExitCode}\n{extractor.Text}");
    }
}
