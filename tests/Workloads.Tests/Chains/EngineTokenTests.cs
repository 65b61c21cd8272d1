using HaCluster.Stack.Chains.Ethereum;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

public class EngineTokenTests
{
    [SkippableFact]
    public async Task Each_run_makes_another_token_of_256_bits_for_its_owner_only()
    {
        using var scratch = new Scratch();
        var command = EngineToken.Script.Replace(EngineToken.File, $"{scratch.Path}/jwt.hex", StringComparison.Ordinal);
        var shell = new Tool("sh", "dash");

        Assert.Equal(0, (await shell.RunAsync(scratch.Path, "-euc", command)).ExitCode);
        var first = await File.ReadAllTextAsync($"{scratch.Path}/jwt.hex");
        Assert.Equal(0, (await shell.RunAsync(scratch.Path, "-euc", command)).ExitCode);

        Assert.Matches(@"^[0-9a-f]{64}\z", first);
        Assert.NotEqual(first, await File.ReadAllTextAsync($"{scratch.Path}/jwt.hex"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{scratch.Path}/jwt.hex"));
    }
}
