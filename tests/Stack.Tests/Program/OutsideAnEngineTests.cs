namespace HaCluster.Stack.Tests.Program;

public class OutsideAnEngineTests
{
    [Fact]
    public async Task It_says_how_to_run_it_and_leaves_with_its_own_code()
    {
        var ended = await Programs.RunAsync("dotnet", [typeof(HaClusterStack).Assembly.Location], environment: new Dictionary<string, string?> { ["PULUMI_MONITOR"] = null });

        Assert.Equal(ExitCodes.NoEngine, ended.ExitCode);
        Assert.Empty(ended.Output);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
        Assert.Contains("`pulumi up`", ended.Error, StringComparison.Ordinal);
        Assert.Contains("`dotnet run --project infra/Cli`", ended.Error, StringComparison.Ordinal);
    }
}
