using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using HaCluster.Stack.Software;
using HaCluster.Workloads.Tests.Chains;
using HaCluster.Workloads.Tests.Rendered;
using YamlDotNet.RepresentationModel;
using static HaCluster.Workloads.Tests.Rendered.RenderedService;

namespace HaCluster.Workloads.Tests.Payments;

/// <summary>
/// The real service and the real signer with the arguments that the stack renders for them. Only addresses and the folders of mounted files are changed, and each has a file of its own for a database.
/// </summary>
public sealed class RenderedPaymentsTests : IDisposable
{
    private const string Key = "hap_000000000000000000000000000000000000000000000000";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "payments.dll");

    private readonly Scratch _mounts = new();
    private readonly Authority _authority = new();
    private readonly int _port = Waiting.FreePort();
    private readonly int _signerPort = Waiting.FreePort();

    public void Dispose()
    {
        _authority.Dispose();
        _mounts.Dispose();
    }

    [Fact]
    public async Task Both_start_with_their_arguments_find_each_other_and_answer_every_probe()
    {
        var (service, signer) = (await ContainerAsync("payments"), await ContainerAsync("payments-signer"));
        _mounts.WriteCertificate("etc/payments/tls", _authority, "payments.payments.svc", "127.0.0.1");
        _mounts.WriteCertificate("etc/signer/tls", _authority, "payments-signer.signing.svc", "127.0.0.1");
        _mounts.Write("etc/signer/keys/passphrase", "a passphrase of this test");
        var sender = await RunAsync("new-key", Path.Combine(_mounts.Path, "etc/signer/keys/hot.key"), "--chain", "ethereum", "--passphrase-file", Path.Combine(_mounts.Path, "etc/signer/keys/passphrase"));
        _mounts.Write("etc/signer/keys/keys.json", """{"keys": [{"name": "hot", "chain": "ethereum", "file": "hot.key", "policy": {}}]}""");
        string[] ofSigner = [.. Arguments(signer).Where(argument => !argument.StartsWith("--database=", StringComparison.Ordinal)).Select(Mounted).Select(argument => argument.Replace($"127.0.0.1:{_port}", $"127.0.0.1:{_signerPort}", StringComparison.Ordinal))];
        await using var signing = RunningProgram.Start("dotnet", [Program, .. ofSigner]);
        await Waiting.UntilAsync("the signer listens", () => signing.HasEnded || signing.Text.Contains("signs nothing while", StringComparison.Ordinal), () => signing.Text);
        Assert.False(signing.HasEnded, signing.Text);

        _mounts.Write("etc/payments/operator/key", Key);
        _mounts.WriteSealKeys();
        await RunAsync([.. Arguments(await InitContainerAsync()).Select(Mounted)]);
        var address = new Uri($"https://127.0.0.1:{_port}");
        using var http = _authority.Client();
        await using var serving = RunningProgram.Start("dotnet", [Program, .. Arguments(service).Select(Mounted)]);
        await serving.UntilReadyAsync(http, address);
        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            var get = service[probe]["httpGet"];
            Assert.Equal(("HTTPS", "https"), (Value(get, "scheme"), Value(get, "port")));
            Assert.Equal(HttpStatusCode.OK, await http.StatusAsync(new Uri(address, Value(get, "path"))));
            Assert.Equal("https", Value(signer[probe]["tcpSocket"], "port"));
        }

        // The key of the init container is an administrator's, and nobody comes in without one.
        Assert.Equal(HttpStatusCode.Unauthorized, await http.StatusAsync(new Uri(address, "/v1/wallets")));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var switched = await http.PutAsync(new Uri(address, "/v1/kill-switch"), new StringContent("""{"on":true,"reason":"drill"}""", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        Assert.Contains("payments_kill_switch 1", await http.GetStringAsync(new Uri(address, "/metrics")), StringComparison.Ordinal);

        // The signer tells its keys to whoever has the certificate of the service.
        using var own = _mounts.ReadCertificate("etc/payments/tls");
        using var asService = _authority.Client(own);
        var keys = JsonDocument.Parse(await asService.GetStringAsync(new Uri($"https://127.0.0.1:{_signerPort}/v1/keys")));
        Assert.Contains(keys.RootElement.GetProperty("keys").EnumerateArray(), key => sender.Contains(key.GetProperty("sender").GetString()!, StringComparison.Ordinal));
        Assert.Null(await http.StatusAsync(new Uri($"https://127.0.0.1:{_signerPort}/v1/keys")));
        foreach (var program in new[] { serving, signing })
        {
            await program.SignalAsync("TERM");
            Assert.Equal(0, (await program.EndAsync()).ExitCode);
        }
    }

    [Fact]
    public async Task They_know_all_of_them()
    {
        var (help, signerHelp) = (await RunAsync("--help"), await RunAsync("signer", "--help"));

        Assert.All(Arguments(await ContainerAsync("payments")), argument => Assert.Contains($" {argument.Split('=')[0]} ", help, StringComparison.Ordinal));
        Assert.All(Arguments(await ContainerAsync("payments-signer")).Skip(1), argument => Assert.Contains($" {argument.Split('=')[0]} ", signerHelp, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_image_has_the_version_of_the_program()
    {
        Assert.Equal(Pins.PaymentsVersion, (await RunAsync("--version")).Trim().Split('+')[0]);
        foreach (var name in new[] { "payments", "payments-signer" })
            Assert.EndsWith($"/payments:{Pins.PaymentsVersion}", Value(await ContainerAsync(name), "image"), StringComparison.Ordinal);
    }

    private static async Task<YamlNode> InitContainerAsync() => Assert.Single((YamlSequenceNode)(await RenderedService.PodAsync("payments"))["initContainers"]);

    /// <summary>An argument that names a file or folder of a volume names one of the test.</summary>
    private string Mounted(string argument) => argument.Split('=', 2) switch
    {
        ["--listen", _] => $"--listen=127.0.0.1:{_port}",
        ["--signer", _] => $"--signer=https://127.0.0.1:{_signerPort}",
        ["--database", _] => $"--data={Path.Combine(_mounts.Path, "store")}",
        _ => _mounts.Mounted(argument),
    };

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var ended = await Programs.RunAsync("dotnet", [Program, .. arguments]);
        Assert.True(ended.Succeeded, ended.Text);
        return ended.Output;
    }
}
