using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>
/// No btcd, which is not in the package registries, but a proxy before a real bcoin that answers as btcd's source says that btcd does
/// (https://github.com/btcsuite/btcd/blob/master/rpcserver.go): TLS only, with the certificate that it read when it started; <c>headers</c> filled with
/// <c>blocks</c>, no <c>verificationprogress</c>; its own error codes, with HTTP 200; <c>getbestblock</c>, <c>getcurrentnet</c> and <c>currentheight</c> of peers.
/// </summary>
internal sealed class StandInBtcd : IAsyncDisposable
{
    public const string User = "bitcoin";

    // wire.TestNet, which is regtest's: https://github.com/btcsuite/btcd/blob/master/wire/protocol.go
    private const uint Regtest = 0xdab5bffa;

    // btcjson/jsonrpcerr.go
    private const int Unimplemented = -1;
    private const int NoWallet = -18;
    private const int MethodNotFound = -32601;

    private static readonly string[] Passed =
    [
        "getblockchaininfo", "getblockcount", "getblockhash", "getblockheader", "getblock", "getbestblockhash", "getpeerinfo", "getmempoolinfo", "getinfo", "getbestblock",
        "getcurrentnet",
    ];

    private static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly Uri _bcoin;
    private readonly string _bcoinPassword;
    private readonly IPEndPoint[] _listen;
    private readonly string _certificate;
    private readonly string _key;
    private readonly CancellationTokenSource _end = new();
    private WebApplication? _app;

    private StandInBtcd(Uri bcoin, string bcoinPassword, IPEndPoint[] listen, string certificate, string key) =>
        (_bcoin, _bcoinPassword, _listen, _certificate, _key) = (bcoin, bcoinPassword, listen, certificate, key);

    /// <summary>Of its configuration, which is not renewed together with the file that the sentinel reads.</summary>
    public required string Password { get; set; }

    /// <summary>Of the sentinel in its pod.</summary>
    public Uri Url => new($"https://localhost:{_listen[0].Port}");

    /// <param name="front">Address that the front calls, beside that of the sentinel in its pod; null: none.</param>
    /// <param name="certificate">PEM file.</param>
    /// <param name="key">PEM file.</param>
    public static async Task<StandInBtcd> StartAsync(ChainProcess bcoin, string bcoinPassword, IPEndPoint? front, string certificate, string key, string password)
    {
        IPEndPoint[] listen = [new(IPAddress.Loopback, Waiting.FreePort()), .. front is null ? Array.Empty<IPEndPoint>() : [front]];
        var btcd = new StandInBtcd(bcoin.Url, bcoinPassword, listen, certificate, key) { Password = password };
        await btcd.StartAgainAsync();
        return btcd;
    }

    /// <summary>Nothing listens there any more.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Reads the certificate again, as only a restart does.</summary>
    public async Task StartAgainAsync()
    {
        await StopAsync();
        using var pem = X509Certificate2.CreateFromPemFile(_certificate, _key);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            foreach (var address in _listen)
                kestrel.Listen(address, listen => listen.UseHttps(certificate));
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await StopAsync();
        _end.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        if (context.Request.Headers.Authorization != expected)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"btcd RPC\"";
            await context.Response.WriteAsync("401 Unauthorized.");
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = JsonNode.Parse(await reader.ReadToEndAsync(end.Token))!.AsObject();
            var answer = await CallAsync(request, end.Token);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), end.Token);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            // The node behind it is killed: btcd itself would be gone then.
            context.Abort();
        }
    }

    private async Task<JsonNode> CallAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var method = (string)request["method"]!;
        if (!Passed.Contains(method))
        {
            return method switch
            {
                "getnetworkinfo" or "estimatesmartfee" or "getchaintips" => Error(Unimplemented, "Command unimplemented"),
                "getbalance" or "sendtoaddress" => Error(NoWallet, "This implementation does not implement wallet commands"),
                _ => Error(MethodNotFound, "Method not found"),
            };
        }

        if (method == "getcurrentnet")
            return Result(Regtest);
        if (method == "getbestblock")
            request["method"] = "getblockchaininfo";
        using var forwarded = new HttpRequestMessage(HttpMethod.Post, _bcoin) { Content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json") };
        forwarded.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{_bcoinPassword}")));
        using var response = await Http.SendAsync(forwarded, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        if (answer["result"] is not { } result)
            return answer;
        switch (method)
        {
            case "getblockchaininfo":
                var chain = result.AsObject();
                chain["headers"] = (long)chain["blocks"]!;
                chain.Remove("verificationprogress");
                chain.Remove("initialblockdownload");
                break;
            case "getbestblock":
                return Result(new JsonObject { ["hash"] = (string)result["bestblockhash"]!, ["height"] = (long)result["blocks"]! });
            case "getpeerinfo":
                foreach (var peer in result.AsArray())
                    peer!["currentheight"] = Math.Max((long)peer["bestheight"]!, (long)peer["startingheight"]!);
                break;
            case "getinfo":
                result["version"] = 260100;
                break;
        }

        return answer;
    }

    private static JsonObject Result(JsonNode value) => new() { ["result"] = value, ["error"] = null, ["id"] = 1 };

    private static JsonObject Error(int code, string message) =>
        new() { ["result"] = null, ["error"] = new JsonObject { ["code"] = code, ["message"] = message }, ["id"] = 1 };
}
