using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Payments;

/// <summary>A development node of Ethereum with a block per second, of which the third newest is final.</summary>
internal sealed class LocalAnvil : IDisposable
{
    private static readonly string Packages = Path.Combine(Checkout.Root, "tests", "Sentinel.Tests", "Peers", "Node");
    private static readonly string? Program = Directory.Exists(Path.Combine(Packages, "node_modules", "@foundry-rs"))
        ? Directory.EnumerateFiles(Path.Combine(Packages, "node_modules", "@foundry-rs"), "anvil", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    private readonly RunningProgram _process;

    private LocalAnvil(RunningProgram process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Null when there is one.</summary>
    public static string? Missing => Program is null ? $"anvil (npm ci --prefix {Path.GetRelativePath(Checkout.Root, Packages)})" : null;

    public Uri Url { get; }

    public static async Task<LocalAnvil> StartAsync()
    {
        var port = Waiting.FreePort();
        var process = RunningProgram.Start(Program!, ["--host", "127.0.0.1", "--port", $"{port}", "--silent", "--block-time", "1", "--slots-in-an-epoch", "1"]);
        var url = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient();
        await Waiting.UntilAsync(
            "anvil answers",
            async () =>
            {
                if (process.HasEnded)
                    throw new InvalidOperationException($"anvil ended: {process.Text}");
                using var content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}""", System.Text.Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(url, content);
                return answer.IsSuccessStatusCode;
            },
            () => process.Text);
        return new LocalAnvil(process, url);
    }

    public void Dispose() => _process.Dispose();
}
