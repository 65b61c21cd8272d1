using System.Net;
using System.Net.Sockets;
using HaCluster.Sentinel.Commands;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests.Arguments;

/// <summary>Bad input ends the program with exit code 2 and one line that names it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly string[] Good = ["--chain=bitcoin", "--network=regtest", "--client=btcd", "--rpc=http://127.0.0.1:1", "--listen=127.0.0.1:9"];

    private readonly string _folder = Directory.CreateTempSubdirectory("sentinel").FullName;

    public static TheoryData<string, string[]> Bad => new()
    {
        { "'--nmber=1'", ["--nmber=1"] },
        { "'extra'", ["extra"] },
        { "--listen", ["--listen=localhost:9800"] },
        { "--listen", ["--listen=127.0.0.1"] },
        { "--listen", ["--listen=127.0.0.1:99999"] },
        { "--chain", ["--chain=dogecoin"] },
        { "--chain", ["--chain=1"] },
        { "--chain", ["--chain="] },
        { "--network", ["--network=mainet"] },
        { "--network", ["--network=1"] },
        { "--network", ["--chain=ethereum", "--network=0"] },
        { "--client", ["--client="] },
        { "--rpc", ["--rpc=127.0.0.1:8545"] },
        { "--rpc", ["--rpc=ftp://127.0.0.1"] },
        { "--consensus", ["--consensus=nowhere"] },
        { "--node", ["--node=bitcoin-0:9800"] },
        { "--tip-age", ["--tip-age=-1"] },
        { "--tip-age", ["--tip-age=1.5"] },
        { "--lag", ["--lag=two"] },
        { "--lag", ["--lag=99999999999"] },
        { "--stall", ["--stall="] },
        { "--rpc-password-file", ["--rpc-user-file=FOLDER/user"] },
        { "--rpc-user-file", ["--rpc-password-file=FOLDER/user"] },
        { "--rpc-user-file", ["--rpc-user-file=FOLDER/none", "--rpc-password-file=FOLDER/user"] },
        { "--rpc-user-file", ["--rpc-user-file=FOLDER", "--rpc-password-file=FOLDER/user"] },
        { "--rpc-ca-file", ["--rpc-ca-file=FOLDER/none"] },
        { "--rpc-ca-file", ["--rpc-ca-file=FOLDER/user"] },
        { "--rpc-certificate-file", ["--rpc-certificate-file=FOLDER/none"] },
        { "--rpc-certificate-file", ["--rpc-certificate-file=FOLDER/user"] },
        { "--data", ["--data=FOLDER/none"] },
        { "URL", ["check"] },
        { "URL", ["check", "nonsense"] },
    };

    public static TheoryData<string> Required => ["--chain", "--network", "--client", "--rpc"];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_argument_is_named(string name, string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "user"), "user");
        var given = arguments.Select(argument => argument.Replace("FOLDER", _folder, StringComparison.Ordinal)).ToArray();
        var replaced = given.Select(argument => argument.Split('=')[0]).ToHashSet();

        await RefusedAsync(name, given[0] == "check" ? given : [.. Good.Where(argument => !replaced.Contains(argument.Split('=')[0])), .. given]);
    }

    [Theory]
    [MemberData(nameof(Required))]
    public Task A_missing_argument_is_named(string name) => RefusedAsync(name, [.. Good.Where(argument => !argument.StartsWith(name, StringComparison.Ordinal))]);

    [Fact]
    public async Task A_password_in_a_url_is_refused_and_not_repeated()
    {
        var line = await RefusedAsync("--rpc", [.. Good.Where(argument => !argument.StartsWith("--rpc", StringComparison.Ordinal)), "--rpc=http://user:secret@localhost"]);

        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_by_the_program_itself()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var listen = $"--listen={taken.LocalEndpoint}";

        var ended = await SentinelProcess.RunAsync([.. Good[..^1], listen]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"sentinel: {listen}: ", Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_says_what_it_is()
    {
        var help = await SentinelProcess.RunAsync("--help");
        var version = await SentinelProcess.RunAsync("--version");
        var nothing = await SentinelProcess.RunAsync();

        Assert.Equal((0, 0, 2), (help.ExitCode, version.ExitCode, nothing.ExitCode));
        Assert.All(new[] { "--listen", "--consensus", "--node", "check" }, word => Assert.Contains(word, help.Output, StringComparison.Ordinal));
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
        Assert.Single(nothing.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [SkippableFact]
    public async Task A_check_says_whether_a_node_may_be_used_and_why_not()
    {
        using var node = await ChainProcess.AnvilAsync();
        var url = $"{node.Url}";

        var fine = await SentinelProcess.RunAsync("check", url, "--tip-age=0");
        var wrong = await SentinelProcess.RunAsync("check", url, "--network=sepolia");
        var gone = await SentinelProcess.RunAsync("check", $"http://127.0.0.1:{Waiting.FreePort()}");

        Assert.Equal((0, 1, 1), (fine.ExitCode, wrong.ExitCode, gone.ExitCode));
        Assert.StartsWith("ready: ok: block 0", fine.Output, StringComparison.Ordinal);
        Assert.StartsWith("not ready: wrong-network: the node is on network 31337, not on sepolia", wrong.Output, StringComparison.Ordinal);
        Assert.Matches("^not ready: .*refused", gone.Output);
    }

    [SkippableFact]
    public async Task A_sentinel_beside_a_node_of_another_kind_of_chain_never_calls_it_ready()
    {
        using var node = await ChainProcess.AnvilAsync();
        await using var sentinel = await SentinelProcess.StartAsync("--chain=bitcoin", "--network=regtest", "--client=bitcoind", $"--rpc={node.Url}");

        await Waiting.UntilAsync("it has asked", async () => (await sentinel.MetricsAsync()).Contains("sentinel_poll_seconds_count{", StringComparison.Ordinal)
            && sentinel.Program.Text.Contains("last call failed", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), await sentinel.GetAsync("/ready"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> RefusedAsync(string name, string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = await CommandLine.RunAsync(arguments, new Dictionary<string, string?>(), output, error);

        Assert.Equal((2, ""), (code, output.ToString()));
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("sentinel: ", line, StringComparison.Ordinal);
        Assert.Contains(name, line, StringComparison.Ordinal);
        return line;
    }
}
