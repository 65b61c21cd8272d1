using Pulumi;

namespace HaCluster.Sdk.Tests.Deployments;

/// <summary>What a program must be told by whoever starts it.</summary>
public sealed class EngineEnvironmentTests
{
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["PULUMI_MONITOR"] = "127.0.0.1:1",
        ["PULUMI_ENGINE"] = "127.0.0.1:2",
        ["PULUMI_PROJECT"] = "shop",
        ["PULUMI_STACK"] = "dev",
        ["PULUMI_DRY_RUN"] = "true",
    };

    [Fact]
    public void Five_variables_are_enough()
    {
        var environment = EngineEnvironment.Read(Needed.GetValueOrDefault);

        Assert.Equal(new EngineEnvironment("127.0.0.1:1", "127.0.0.1:2", "organization", "shop", "dev", null, IsDryRun: true), environment);
    }

    [Theory]
    [InlineData("PULUMI_MONITOR", null)]
    [InlineData("PULUMI_ENGINE", null)]
    [InlineData("PULUMI_PROJECT", "")]
    [InlineData("PULUMI_STACK", "")]
    [InlineData("PULUMI_DRY_RUN", "perhaps")]
    public void Without_one_of_them_there_is_no_engine(string name, string? value)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => EngineEnvironment.Read(variable => variable == name ? value : Needed.GetValueOrDefault(variable)));

        Assert.Contains("without the Pulumi engine", error.Message, StringComparison.Ordinal);
    }
}
