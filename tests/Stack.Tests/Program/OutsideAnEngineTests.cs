using System.Diagnostics;

namespace HaCluster.Stack.Tests.Program;

public class OutsideAnEngineTests
{
    [Fact]
    public async Task It_says_how_to_run_it_and_leaves_with_its_own_code()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HaClusterStack).Assembly.Location]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Remove("PULUMI_MONITOR");

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.NoEngine, process.ExitCode);
        Assert.Empty(output);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("`pulumi up`", error, StringComparison.Ordinal);
        Assert.Contains("`dotnet run --project infra/Cli`", error, StringComparison.Ordinal);
    }
}
