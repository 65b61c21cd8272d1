using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HaCluster.Workloads.Tests.Chains;
using HaCluster.Workloads.Tests.Finance;
using HaCluster.Workloads.Tests.Rendered;
using static HaCluster.Workloads.Tests.Rendered.RenderedService;

namespace HaCluster.Workloads.Tests.Payments;

/// <summary>The real payments service and the real finance log, with the arguments and the file of producers that the stack renders for them: only addresses, stores and the folders of mounted files are changed.</summary>
public sealed class RenderedDeliveryTests : IDisposable
{
    private const string Ledger = "finance-log";
    private const string Payments = "payments";
    private const string OperatorKey = "hap_000000000000000000000000000000000000000000000000";
    private const string ReaderToken = "hal_0000000000000000000000000000000000000000000000000000000000000000";

    private readonly Scratch _mounts = new();
    private readonly Authority _authority = new();
    private readonly int _port = Waiting.FreePort();
    private readonly int _ledgerPort = Waiting.FreePort();

    public void Dispose()
    {
        _authority.Dispose();
        _mounts.Dispose();
    }

    [Fact]
    public async Task Events_of_payments_arrive_in_their_stream_of_the_finance_log_and_in_no_other()
    {
        _mounts.WriteCertificate("etc/ledger/tls", _authority, "127.0.0.1");
        _mounts.WriteCertificate("etc/payments/tls", _authority, "payments.payments.svc", "127.0.0.1");
        await _mounts.MountConfigMapsAsync(Ledger);
        _mounts.Write("etc/ledger/producers/producers.json", $$"""{"producers": [{"name": "auditor", "tokenSha256": ["{{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ReaderToken)))}}"], "reads": ["payments"]}]}""");
        _mounts.Write("etc/payments/operator/key", OperatorKey);
        _mounts.WriteSealKeys();
        var (ledgerAt, paymentsAt) = (new Uri($"https://127.0.0.1:{_ledgerPort}"), new Uri($"https://127.0.0.1:{_port}"));
        using var reader = _authority.Client();
        reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReaderToken);
        await using var ledger = RunningProgram.Start("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "ledger.dll"),
            .. Arguments(await ContainerAsync(Ledger)).Where(RenderedLedgerTests.IsForAnyArchive).Select(argument => RenderedLedgerTests.Mounted(_mounts, argument, _ledgerPort)),
        ]);
        await ledger.UntilReadyAsync(reader, ledgerAt);
        var first = await Programs.RunAsync("dotnet", [PaymentsProgram, "key", "add", "operator", "view", "admin", $"--key-file={_mounts.Path}/etc/payments/operator/key", $"--data={_mounts.Path}/store"]);
        Assert.True(first.Succeeded, first.Text);
        await using var payments = RunningProgram.Start("dotnet", [PaymentsProgram, .. Arguments(await ContainerAsync(Payments)).Select(Mounted)]);
        using var http = _authority.Client();
        await payments.UntilReadyAsync(http, paymentsAt);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        using var switched = await http.PutAsync(new Uri(paymentsAt, "/v1/kill-switch"), new StringContent("""{"on":true,"reason":"drill"}""", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(HttpStatusCode.OK, switched.StatusCode);

        var events = JsonDocument.Parse(await http.GetStringAsync(new Uri(paymentsAt, "/v1/events"))).RootElement.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("id").GetString()!).ToArray();
        Assert.NotEmpty(events);
        string[] stored = [];
        await Waiting.UntilAsync(
            "the events are in the finance log",
            async () =>
            {
                stored = (await reader.GetStringAsync(new Uri(ledgerAt, "/v1/records/export?stream=payments"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return stored.Length >= events.Length;
            },
            () => payments.Text + ledger.Text);
        var records = stored.Select(record => JsonDocument.Parse(record).RootElement).OrderBy(record => record.GetProperty("sequence").GetInt64()).ToArray();
        Assert.Equal(events, records.Select(record => record.GetProperty("data").GetProperty("id").GetString()!));
        Assert.All(records, record => Assert.Equal("payments-service", record.GetProperty("producer").GetString()));

        // With the same certificate nothing else may be written, and nothing read; without it nothing at all.
        using var own = _mounts.ReadCertificate("etc/payments/tls");
        using var asPayments = _authority.Client(own);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(asPayments, "payments"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(asPayments, "refunds"));
        Assert.Equal(HttpStatusCode.Forbidden, await asPayments.StatusAsync(new Uri(ledgerAt, "/v1/records?stream=payments")));
        using var stranger = _authority.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stranger, "payments"));

        async Task<HttpStatusCode> PostAsync(HttpClient client, string stream)
        {
            using var answer = await client.PostAsync(new Uri(ledgerAt, $"/v1/records?stream={stream}"), new StringContent("""{"id":"by-hand","data":{}}""", MediaTypeHeaderValue.Parse("application/json")));
            return answer.StatusCode;
        }
    }

    private static string PaymentsProgram => Path.Combine(AppContext.BaseDirectory, "payments.dll");

    private string Mounted(string argument) => argument.Split('=', 2) switch
    {
        ["--listen", _] => $"--listen=127.0.0.1:{_port}",
        ["--ledger", _] => $"--ledger=https://127.0.0.1:{_ledgerPort}",
        ["--database", _] => $"--data={Path.Combine(_mounts.Path, "store")}",
        _ => _mounts.Mounted(argument),
    };
}
