using HaCluster.Engine;

namespace HaCluster.Benchmarks;

/// <summary>A program under measurement.</summary>
internal sealed record Contestant(string Name, DeploymentRequest Request)
{
    public async Task<Measurement> RunAsync()
    {
        GC.Collect();
        using var watch = new ProcessWatch();
        var result = await EmbeddedEngine.RunAsync(Request);
        if (result.Outcome != ProgramOutcome.Succeeded)
        {
            throw new InvalidOperationException(
                $"{Name} {result.Outcome}: {string.Join('\n', result.Diagnostics)}\n{string.Join('\n', result.ProgramOutput)}");
        }
        return new Measurement(result.Elapsed.TotalSeconds, watch.Megabytes, result.Graph.Resources.Length);
    }
}

/// <summary>One run: from the start of the engine to the exit of the program.</summary>
internal sealed record Measurement(double Seconds, double Megabytes, int Resources);
