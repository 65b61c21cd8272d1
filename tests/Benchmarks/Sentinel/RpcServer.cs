using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace HaCluster.Benchmarks.Sentinel;

/// <summary>
/// Stands in for a node and its siblings: the answers of an execution client that is up to date, with a block as large as those of mainnet, a new one every
/// twelve seconds. It exists so that the sentinel has to read what it will read.
/// </summary>
internal sealed class RpcServer : IDisposable
{
    private const int SecondsPerBlock = 12;
    private const int Transactions = 200;

    private readonly HttpListener _listener = new();
    private int _calls;

    public RpcServer(string address)
    {
        _listener.Prefixes.Add(address);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public int Calls => Volatile.Read(ref _calls);

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _calls);
                using var request = await JsonDocument.ParseAsync(context.Request.InputStream);
                var body = Encoding.UTF8.GetBytes(Answer(request.RootElement.GetProperty("method").GetString()!));
                context.Response.ContentType = "application/json";
                context.Response.ContentLength64 = body.Length;
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or JsonException)
            {
                // It ends, or the caller did.
            }
        }
    }

    private static string Answer(string method)
    {
        var height = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / SecondsPerBlock;
        return $$"""{"jsonrpc":"2.0","id":1,"result":{{method switch
        {
            "eth_getBlockByNumber" or "eth_getBlockByHash" => Block(height),
            "eth_syncing" => "false",
            "eth_chainId" => "\"0x1\"",
            "net_peerCount" => "\"0x32\"",
            "eth_gasPrice" => "\"0x3b9aca00\"",
            "web3_clientVersion" => "\"Geth/v1.17.5\"",
            _ => "null",
        }}}}""";
    }

    private static string Block(long height)
    {
        var transactions = string.Join(',', Enumerable.Range(0, Transactions).Select(number => $"\"{Hash((height * 1000) + number)}\""));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"number":"0x{{height:x}}","hash":"{{Hash(height)}}","parentHash":"{{Hash(height - 1)}}","timestamp":"0x{{height * SecondsPerBlock:x}}","baseFeePerGas":"0x3b9aca00","logsBloom":"0x{{new string('0', 512)}}","transactions":[{{transactions}}]}
            """);
    }

    private static string Hash(long number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x64}");
}
