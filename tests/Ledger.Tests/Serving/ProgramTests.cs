using System.Net;
using System.Net.Sockets;
using System.Text;
using HaCluster.Ledger.Arguments;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>The program as a person runs it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Without_settings_it_stores_and_says_where_and_verify_finds_an_edit()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        var listen = $"127.0.0.1:{Waiting.FreePort()}";
        await using (var ledger = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "--listen", listen], _scratch.Path))
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://{listen}") };
            await Waiting.UntilAsync("the ledger is ready", async () => ledger.HasEnded || (await http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode, () => ledger.Text);
            using var record = new StringContent("""{"stream":"payments","id":"p-1","data":{"amount":"12.00"}}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("/v1/records", UriKind.Relative), record);
            Assert.Equal("""{"stream":"payments","id":"p-1","sequence":1}""", await answer.Content.ReadAsStringAsync());

            using var second = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "--listen", $"127.0.0.1:{Waiting.FreePort()}"], _scratch.Path);
            var refused = await second.EndAsync();
            Assert.Equal((CommandLine.Unusable, true), (refused.ExitCode, refused.Error.Contains("is in use by another ledger", StringComparison.Ordinal)));

            await ledger.SignalAsync("TERM");
            var ended = await ledger.EndAsync();
            Assert.Equal(CommandLine.Done, ended.ExitCode);
            Assert.Contains("a local key", ended.Output, StringComparison.Ordinal);
            Assert.Contains("anyone on this computer, without a token", ended.Output, StringComparison.Ordinal);
        }

        Assert.Contains("payments: intact, 1 record, 1 checkpoint\n", (await RunAsync("verify")).Output, StringComparison.Ordinal);
        var file = Directory.GetFiles(_scratch.At("ledger-data/archive/segments/payments")).Single();
        var text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await File.WriteAllTextAsync(file, text.Replace("12.00", "92.00", StringComparison.Ordinal));
        var broken = await RunAsync("verify");
        Assert.Equal(CommandLine.Broken, broken.ExitCode);
        Assert.Contains("payments: BROKEN, edit at record 1: ", broken.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen is 0.0.0.0:0, which others can reach, and --producers is missing", "--listen", "0.0.0.0:0")]
    [InlineData("and --certificate is missing: tokens would be sent without TLS", "--listen", "0.0.0.0:0")]
    [InlineData("--listen is 'here'; write an address and a port", "--listen", "here")]
    [InlineData("--batch is 500; write a whole number from 0 to 200", "--batch", "500")]
    [InlineData("--batch is 'x'; write a whole number", "--batch", "x")]
    [InlineData("--retention-years needs an archive in S3", "--retention-years", "10")]
    [InlineData("--lock is 'none'; choose governance, compliance or bucket", "--lock", "none")]
    [InlineData("--producers: /nowhere/producers.json: ", "--producers", "/nowhere/producers.json")]
    [InlineData("--certificate-key is missing; TLS needs both", "--certificate", "c.pem")]
    [InlineData("--client-ca: /nowhere/ca.pem cannot be used", "--client-ca", "/nowhere/ca.pem")]
    [InlineData("'--what' is not an argument of ledger", "--what")]
    [InlineData("--stream is missing; write --stream NAME", "prove")]
    [InlineData("ID is missing: id of the record", "prove", "--stream", "payments")]
    [InlineData("--data is empty; write --data DIR", "--data", "")]
    [InlineData("--archive is empty; write --archive PLACE", "--archive", "")]
    [InlineData("--index is empty; write --index INDEX", "index", "rebuild", "--index", "")]
    [InlineData("ARCHIVE is empty", "verify", "")]
    [InlineData("--key needs a value; write --key KEY", "--key")]
    [InlineData("index needs a command: rebuild, replay", "index")]
    public async Task Wrong_arguments_are_refused_with_what_to_do(string message, params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(arguments, error, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.All(error.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("ledger: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_with_its_option()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(["--listen", $"{other.LocalEndpoint}", "--data", _scratch.Path], error, error));
        Assert.Equal($"ledger: --listen: {other.LocalEndpoint}: another program listens there already; end it, or choose another address\n", error.ToString());
    }

    [Fact]
    public async Task A_token_is_shown_once_with_the_file_that_knows_its_hash()
    {
        using var output = new StringWriter();
        Assert.Equal(CommandLine.Done, await CommandLine.RunAsync(["token", "shop", "payments"], output, output));
        var lines = output.ToString().TrimEnd().Split('\n');
        var producers = HaCluster.Ledger.Serving.Producers.Parse(Encoding.UTF8.GetBytes(lines[1]));
        Assert.Equal("shop", producers.Find($"Bearer {lines[0]["token, shown once: ".Length..].Trim()}")?.Name);
        Assert.Null(producers.Find("Bearer x"));
        Assert.Null(producers.Find(null));
    }

    private Task<Ended> RunAsync(params string[] arguments) => Programs.RunAsync("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments], _scratch.Path);
}
