using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Stack.Software;
using HaCluster.Workloads.Tests.Chains;
using HaCluster.Workloads.Tests.Rendered;
using static HaCluster.Workloads.Tests.Rendered.RenderedService;

namespace HaCluster.Workloads.Tests.Finance;

/// <summary>The real ledger with the arguments that the stack renders for it. Only addresses, the archive, the key and the folders of mounted files are changed.</summary>
public sealed class RenderedLedgerTests
{
    private const string Deployment = "finance-log";
    private const string Token = "hal_0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ledger.dll");

    [Fact]
    public async Task It_starts_with_its_arguments_answers_every_probe_and_stores_a_record()
    {
        using var mounts = new Scratch();
        using var authority = new Authority();
        var container = await ContainerAsync(Deployment);
        using var http = authority.Client();
        mounts.WriteCertificate("etc/ledger/tls", authority, "127.0.0.1");
        await mounts.MountConfigMapsAsync(Deployment);
        mounts.Write("etc/ledger/producers/producers.json", $$"""{"producers": [{"name": "shop", "tokenSha256": ["{{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Token)))}}"], "streams": ["payments"]}]}""");
        var port = Waiting.FreePort();
        await using var ledger = RunningProgram.Start("dotnet", [Program, .. (await ArgumentsAsync()).Where(IsForAnyArchive).Select(argument => Mounted(mounts, argument, port))]);
        var address = new Uri($"https://127.0.0.1:{port}");
        await ledger.UntilReadyAsync(http, address);

        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            var get = container[probe]["httpGet"];
            Assert.Equal(("HTTPS", "https"), (Value(get, "scheme"), Value(get, "port")));
            Assert.Equal(HttpStatusCode.OK, await http.StatusAsync(new Uri(address, Value(get, "path"))));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/records"))
        {
            Content = new StringContent("""{"id":"p-1","data":{"amount":"12.00"}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Contains("ledger_records_stored_total{stream=\"payments\"} 1", await http.GetStringAsync(new Uri(address, "/metrics")), StringComparison.Ordinal);
        await ledger.SignalAsync("TERM");
        Assert.Equal(0, (await ledger.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task It_knows_all_of_them()
    {
        var help = (await Programs.RunAsync("dotnet", [Program, "--help"])).Output;

        Assert.All(await ArgumentsAsync(), argument => Assert.Contains($" {argument.Split('=')[0]} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_argument_that_it_does_not_have_would_be_noticed()
    {
        var ended = await Programs.RunAsync("dotnet", [Program, .. (await ArgumentsAsync()).Select(argument => argument.Replace("--lock=", "--locks=", StringComparison.Ordinal))]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("--locks=", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_has_the_version_of_the_program()
    {
        Assert.Equal(Pins.LedgerVersion, (await Programs.RunAsync("dotnet", [Program, "--version"])).Output.Trim().Split('+')[0]);
        Assert.EndsWith($"/ledger:{Pins.LedgerVersion}", Value(await ContainerAsync(Deployment), "image"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ArgumentsAsync() => Arguments(await ContainerAsync(Deployment));

    /// <summary>A folder cannot lock its files.</summary>
    internal static bool IsForAnyArchive(string argument) => !argument.StartsWith("--retention-years=", StringComparison.Ordinal);

    /// <summary>An argument that names a file or folder of a volume names one of the test; the archive and the key are local.</summary>
    internal static string Mounted(Scratch mounts, string argument, int port) => argument.Split('=', 2) switch
    {
        ["--listen", _] => $"--listen=127.0.0.1:{port}",
        ["--archive", _] => $"--archive={Path.Combine(mounts.Path, "archive")}",
        ["--index", _] => $"--index={Path.Combine(mounts.Path, "index.db")}",
        ["--key", _] => $"--key={Path.Combine(mounts.Path, "key.pem")}",
        _ => mounts.Mounted(argument),
    };
}
