using System.Diagnostics;
using HaCluster.Conformance.Emit;

namespace HaCluster.Conformance;

/// <summary>The schemas in the repository are what the extractor makes of the pinned typings and the list of resources.</summary>
public sealed class SchemaExtractionTests
{
    [SkippableFact]
    public async Task Schemas_are_what_the_extractor_writes()
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var start = new ProcessStartInfo(NodePackages.Node!)
        {
            ArgumentList = { "extract.mjs", "--check" },
            WorkingDirectory = Checkout.Typings,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var extractor = Process.Start(start)!;
        var output = extractor.StandardOutput.ReadToEndAsync();
        var errors = await extractor.StandardError.ReadToEndAsync();
        await extractor.WaitForExitAsync();
        Assert.True(extractor.ExitCode == 0, $"node extract.mjs --check ended with exit code {extractor.ExitCode}\n{await output}{errors}");
    }
}
