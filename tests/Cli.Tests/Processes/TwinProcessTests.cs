using System.Text.Json;
using HaCluster.Cli.Running;

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
        await using var twin = Ha.Start(environment, "twin", "--stack", "dev", "--name", "drill", "--speed", "60", "-o", "json");
        try
        {
            await Waiting.UntilAsync("the twin says that it is ready", () => twin.Text.Contains("hacluster.twin/1", StringComparison.Ordinal) || twin.HasEnded, () => twin.Text);
            Assert.False(twin.HasEnded, twin.Text);
            using var ready = JsonDocument.Parse(twin.Text.Split('\n').First(line => line.Contains("hacluster.twin/1", StringComparison.Ordinal)));
            var root = ready.RootElement;
            Assert.Equal(
                ("hacluster.twin/1", "drill", "dev", twin.Id),
                (root.GetProperty("format").GetString(), root.GetProperty("name").GetString(), root.GetProperty("stack").GetString(), root.GetProperty("process").GetInt32()));
            foreach (var file in new[] { "kubeconfig", "environment" }.Select(name => root.GetProperty(name).GetString()!))
            {
                Assert.StartsWith(scratch.At("ha-cluster/twins/drill"), file, StringComparison.Ordinal);
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            Assert.Contains($"export AWS_ENDPOINT_URL={root.GetProperty("aws").GetString()}\n", File.ReadAllText(root.GetProperty("environment").GetString()!), StringComparison.Ordinal);
            var second = Ha.Run(Ha.Checkout, environment, "twin", "--stack", "dev", "--name", "drill");
            Assert.Equal(2, second.ExitCode);
            Assert.Contains($"a twin named drill is already running (process {twin.Id})", second.Error, StringComparison.Ordinal);
        }
        finally
        {
            await twin.SignalAsync("INT");
        }

        var result = await twin.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using (JsonDocument.Parse(result.Output))
            Assert.False(Directory.Exists(scratch.At("ha-cluster/twins/drill")));
    }

    [SkippableFact]
    public async Task One_that_was_killed_does_not_stand_in_the_way_of_the_next()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals");
        using var scratch = new Scratch();
        var environment = new Dictionary<string, string?> { ["XDG_STATE_HOME"] = scratch.Path };
        var description = scratch.At("ha-cluster/twins/dev/twin.json");
        await using (var killed = Ha.Start(environment, "twin", "--stack", "dev"))
        {
            await Waiting.UntilAsync("the twin describes itself", () => File.Exists(description) || killed.HasEnded, () => killed.Text);
            await killed.SignalAsync("KILL");
            await killed.EndAsync();
        }

        Assert.True(File.Exists(description));
        await using var next = Ha.Start(environment, "twin", "--stack", "dev");
        // The files of the dead one go first: nobody is to connect to it.
        await Waiting.UntilAsync("the old description is gone", () => !File.Exists(description) || next.HasEnded, () => next.Text);
        await Waiting.UntilAsync("the next twin describes itself", () => File.Exists(description) || next.HasEnded, () => next.Text);
        Assert.False(next.HasEnded, next.Text);
        await next.SignalAsync("TERM");
        Assert.Equal(0, (await next.EndAsync()).ExitCode);
        Assert.False(File.Exists(description));
    }

    [Fact]
    public void A_stack_that_does_not_exist_and_a_state_directory_that_cannot_be_made_are_refused()
    {
        using var scratch = new Scratch();
        var environment = new Dictionary<string, string?> { ["XDG_STATE_HOME"] = scratch.Path };
        var unknown = Ha.Run(Ha.Checkout, environment, "twin", "--stack", "nowhere");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("nowhere", unknown.Error, StringComparison.Ordinal);

        File.WriteAllText(scratch.At("file"), "");
        environment["XDG_STATE_HOME"] = scratch.At("file");
        var blocked = Ha.Run(Ha.Checkout, environment, "twin", "--stack", "dev");
        Assert.Equal(2, blocked.ExitCode);
        Assert.Contains($"{scratch.At("file/ha-cluster/twins/dev")} cannot be created", blocked.Error, StringComparison.Ordinal);
    }

    /// <summary>A shell reads the file.</summary>
    [Fact]
    public void A_value_of_the_environment_is_never_a_command()
    {
        using var scratch = new Scratch();
        using var directory = TwinDirectory.Open(Path.Combine(scratch.Path, "twin"));
        const string Value = "eu'; touch ran; echo '$(touch ran)";
        directory.WriteEnvironment(new Dictionary<string, string> { ["AWS_REGION"] = Value });
        var result = Ha.Shell(scratch.Path, $". '{directory.EnvironmentFile}'; printf %s \"$AWS_REGION\"");
        Assert.Equal((Value, "", false), (result.Output, result.Error, File.Exists(scratch.At("ran"))));
    }

    [Theory]
    [InlineData("0", "--speed takes a number above 0 and up to 10000, not '0'")]
    [InlineData("fast", "--speed takes a number above 0 and up to 10000, not 'fast'")]
    [InlineData("-1", "--speed takes a number above 0 and up to 10000, not '-1'")]
    [InlineData("NaN", "--speed takes a number above 0 and up to 10000, not 'NaN'")]
    [InlineData("100000", "--speed takes a number above 0 and up to 10000, not '100000'")]
    public void A_speed_that_is_not_a_number_above_zero_is_refused(string speed, string message)
    {
        var result = Ha.Run("twin", "--stack", "dev", "--speed", speed);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
