using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

/// <summary><c>ha twin</c> as a process: it says where it is, keeps a second one away, and leaves nothing behind.</summary>
public sealed class TwinProcessTests
{
    [SkippableFact]
    public async Task It_starts_says_where_it_is_and_removes_its_files_at_the_end()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals and file modes");
        using var scratch = new Scratch();
        var environment = new Dictionary<string, string?> { ["XDG_STATE_HOME"] = scratch.Path };
        await using var twin = Ha.Start(environment, "twin", "--stack", "dev", "--speed", "60", "-o", "json");
        try
        {
            await Waiting.UntilAsync("the twin says that it is ready", () => twin.Text.Contains("hacluster.twin/1", StringComparison.Ordinal) || twin.HasEnded, () => twin.Text);
            Assert.False(twin.HasEnded, twin.Text);
            using var ready = JsonDocument.Parse(twin.Text.Split('\n').First(line => line.Contains("hacluster.twin/1", StringComparison.Ordinal)));
            var root = ready.RootElement;
            Assert.Equal(("hacluster.twin/1", "dev", twin.Id), (root.GetProperty("format").GetString(), root.GetProperty("name").GetString(), root.GetProperty("process").GetInt32()));
            foreach (var file in new[] { "kubeconfig", "environment" }.Select(name => root.GetProperty(name).GetString()!))
            {
                Assert.StartsWith(scratch.At("ha-cluster/twins/dev"), file, StringComparison.Ordinal);
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            Assert.Contains($"export AWS_ENDPOINT_URL='{root.GetProperty("aws").GetString()}'", File.ReadAllText(root.GetProperty("environment").GetString()!), StringComparison.Ordinal);
            var second = Ha.Run(Ha.Checkout, environment, "twin", "--stack", "dev");
            Assert.Equal(2, second.ExitCode);
            Assert.Contains($"a twin of the name dev runs already (process {twin.Id})", second.Error, StringComparison.Ordinal);
        }
        finally
        {
            await twin.SignalAsync("INT");
        }

        var result = await twin.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.False(Directory.Exists(scratch.At("ha-cluster/twins/dev")));
    }

    [Theory]
    [InlineData("0", "--speed takes a number above 0 and up to 10000, not '0'")]
    [InlineData("fast", "--speed takes a number above 0 and up to 10000, not 'fast'")]
    public void A_speed_that_is_none_is_refused(string speed, string message)
    {
        var result = Ha.Run("twin", "--stack", "dev", "--speed", speed);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
