using System.IO.Compression;
using System.Text;
using HaCluster.Ledger.Tests.Serving;

namespace HaCluster.Ledger.Tests.Senders;

/// <summary>curl, which verifies the service as OpenSSL does, with a client certificate.</summary>
public sealed class CurlTests : IDisposable
{
    private readonly SecuredService _secured = new();

    public void Dispose() => _secured.Dispose();

    [SkippableFact]
    public async Task Curl_stores_records_with_a_certificate_and_is_told_what_is_wrong_with_another()
    {
        await using var service = await _secured.StartAsync();
        _secured.Client().WriteTo(_secured.Files.Path, "shop");
        _secured.Client(ends: TimeSpan.FromMinutes(-1)).WriteTo(_secured.Files.Path, "old");
        await File.WriteAllTextAsync(_secured.Files.At("bulk.ndjson"), "{\"create\":{\"_id\":\"b-1\"}}\n{\"amount\":\"1.00\"}\n");
        await using (var gzip = new GZipStream(File.Create(_secured.Files.At("records.gz")), CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("{\"id\":\"p-2\",\"data\":{}}\n{\"id\":\"p-3\",\"data\":{}}\n"));

        Assert.Equal("""{"stream":"payments","id":"p-1","sequence":1} 201""", await CurlAsync(service, "shop", "/v1/records", "-H", "Content-Type: application/json", "-d", """{"id":"p-1","data":{}}"""));
        Assert.EndsWith(" 201", await CurlAsync(service, "shop", "/v1/records", "-H", "Content-Type: application/x-ndjson", "-H", "Content-Encoding: gzip", "--data-binary", "@" + _secured.Files.At("records.gz")), StringComparison.Ordinal);
        Assert.Contains("\"errors\":false", await CurlAsync(service, "shop", "/payments/_bulk", "-H", "Content-Type: application/x-ndjson", "--data-binary", "@" + _secured.Files.At("bulk.ndjson")), StringComparison.Ordinal);
        var refused = await CurlAsync(service, "old", "/v1/records", "-H", "Content-Type: application/json", "-d", """{"id":"p-4","data":{}}""");
        Assert.Contains("the client certificate expired at", refused, StringComparison.Ordinal);
        Assert.EndsWith(" 401", refused, StringComparison.Ordinal);
        Assert.Equal(["p-1", "p-2", "p-3", "b-1"], await service.IdsAsync("payments"));
    }

    private async Task<string> CurlAsync(TestService service, string client, string path, params string[] arguments)
    {
        var curl = Programs.Find("curl");
        Skip.If(curl is null, "needs curl on the PATH");
        var ended = await Programs.RunAsync(curl, [
            "-sS", "--noproxy", "*", "--cacert", _secured.Files.At("ca.pem"), "--cert", _secured.Files.At($"{client}.pem"), "--key", _secured.Files.At($"{client}.key"),
            "--resolve", $"ledger.example:{service.Address.Port}:127.0.0.1", "-w", " %{http_code}", .. arguments, $"https://ledger.example:{service.Address.Port}{path}"]);
        Assert.True(ended.Succeeded, ended.Text);
        return ended.Output;
    }
}
