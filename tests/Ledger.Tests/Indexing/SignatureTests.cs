using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.OpenSearch;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>What arrives is verified as AWS does, from its documentation (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).</summary>
public sealed class SignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    [Fact]
    public async Task Every_request_is_signed_as_AWS_verifies_it()
    {
        await using var server = await LoopbackOpenSearch.StartAsync();
        var signer = new AwsRequestSigner("eu-central-1", new SessionAWSCredentials("AKIDEXAMPLE", Secret, "a-token/+="));
        await using var index = new OpenSearchIndex(new OpenSearchClient(server.Address, new OpenSearchOptions { Tries = 1 }, TimeProvider.System, signer), TimeProvider.System);
        await index.PositionAsync("payments", default);
        Check(server, "GET /ledger.positions/_doc/payments");
        await index.AddAsync("payments", [new IndexRecord { Sequence = 1, Id = "r-1", Producer = "api", At = "2026-02-01T00:00:00.000Z", Event = 0, Data = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', 4000)}}"}"""), Hash = new byte[32] }], default);
        Check(server, "PUT /ledger.positions/_doc/payments");
        await index.AddAsync("payments", [new IndexRecord { Sequence = 2, Id = "r-2", Producer = "api", At = "2026-02-01T00:00:00.000Z", Event = 0, Data = "{}"u8.ToArray(), Hash = new byte[32] }], default);
        Check(server, "PUT /ledger.positions/_doc/payments");
        Assert.StartsWith("?if_seq_no=", server.Last.Query, StringComparison.Ordinal);
        await index.SearchAsync(new RecordQuery("payments"), default);
        Check(server, "POST /_msearch");
    }

    private static void Check(LoopbackOpenSearch server, string request)
    {
        var (method, path, query, headers, body) = server.Last;
        Assert.Equal(request, $"{method} {path}");
        var parts = headers["authorization"]["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var date = headers["x-amz-date"];
        var scope = $"{date[..8]}/eu-central-1/es/aws4_request";
        Assert.Equal($"AKIDEXAMPLE/{scope}", parts["Credential"]);
        var signed = parts["SignedHeaders"].Split(';');
        Assert.Contains("host", signed);
        Assert.Contains("x-amz-date", signed);
        Assert.Contains("x-amz-security-token", signed);
        var parameters = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        var canonical = $"{method}\n{path}\n{string.Join('&', parameters)}\n{string.Concat(signed.Select(name => $"{name}:{headers[name].Trim()}\n"))}\n{string.Join(';', signed)}\n{Hex(SHA256.HashData(body))}";
        var key = new[] { date[..8], "eu-central-1", "es", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (secret, text) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        Assert.Equal(Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))), parts["Signature"]);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
