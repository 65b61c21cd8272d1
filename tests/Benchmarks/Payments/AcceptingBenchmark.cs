using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HaCluster.Benchmarks.Sentinel;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Payments;

/// <summary>
/// Transfers accepted durably and addresses made by the payments service, on both of its databases, beside what the same database does with the same disk: rows inserted by as many clients, each committed before
/// the next. A transfer is two such commits, an address one: that of its Idempotency-Key, and that of the transfer with its postings, events and answer.
/// </summary>
internal sealed record AcceptingBenchmark(IReadOnlyList<AcceptingRun> Runs)
{
    private const int Clients = 16;
    private const int MostPerSecond = 100_000;
    private const int WarmUp = 100;
    private const int Transfers = 3000;
    private const int FirstAddresses = 1000;
    private const int Addresses = 4000;

    // Of the tests of BIP-84: nobody pays to these addresses.
    private const string AccountKey = "tpubDC5FSnBiZDMmhiuCmWAYsLwgLYrrT9rAqvTySfuCCrgsWz8wxMXUS9Tb9iVMvcRbvFcAHGkMD5Kx8koh4GquNGNTfohfk7pgjhaPCdXpoba";
    private const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    /// <summary>Null when it can be held.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() ? "Linux, since it reads /proc"
        : LocalPostgreSql.Missing ?? LocalAnvil.Missing;

    public static async Task<AcceptingBenchmark> HoldAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ha-payments-");
        try
        {
            var runs = new List<AcceptingRun> { await RunAsync("SQLite", directory.CreateSubdirectory("sqlite"), null) };
            using (var postgreSql = await LocalPostgreSql.StartAsync(directory.FullName))
            {
                runs.Add(await RunAsync("PostgreSQL", directory.CreateSubdirectory("postgresql"), postgreSql.ConnectionString));
                runs[1] = runs[1] with { Rows = await postgreSql.InsertAsync(Clients) };
            }

            runs[0] = runs[0] with { Rows = SqliteBaseline.Insert(Path.Combine(directory.FullName, "baseline.db")) };
            return new AcceptingBenchmark(runs);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"{Environment.ProcessorCount} processors; {Transfers} transfers by {Clients} clients, {Addresses} addresses one after the other");
        Line($"                transfers/s    p50 ms    p99 ms   address p50 ms   p99 ms   commit p99 ms   address/commit   bare rows/s   rows per transfer");
        foreach (var run in Runs)
            Line($"  {run.Store,-12}{run.PerSecond,13:0}{run.P50 * 1000,10:0.0}{run.P99 * 1000,10:0.0}{run.AddressP50 * 1000,17:0.0}{run.AddressP99 * 1000,9:0.0}{run.Rows.P99 * 1000,16:0.0}{run.AddressP99 / run.Rows.P99,17:0.0}{run.Rows.PerSecond,14:0}{run.Rows.PerSecond / run.PerSecond,20:0.0}");
        foreach (var run in Runs)
        {
            foreach (var target in new[] { new Target($"{run.Store}: seconds for 200 transfers", 200 / run.PerSecond, 1), new Target($"{run.Store}: an address, p99 in ms", run.AddressP99 * 1000, 5) })
                Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.###}, target {target.Limit:0.###}");
        }

        return text.ToString();
    }

    private static string Assembly => Path.Combine(Checkout.Root, "infra", "Services", "Payments", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "payments.dll");

    private static async Task<AcceptingRun> RunAsync(string store, DirectoryInfo folder, string? connectionString)
    {
        var address = $"127.0.0.1:{Waiting.FreePort()}";
        var url = new Uri($"http://{address}/");
        List<string> arguments = [Assembly, $"--listen={address}", $"--data={folder.FullName}", $"--rate-limit={MostPerSecond}"];
        if (connectionString is not null)
        {
            var file = Path.Combine(folder.FullName, "database");
            await File.WriteAllTextAsync(file, connectionString);
            arguments.Add($"--database={file}");
        }

        using var http = new HttpClient { BaseAddress = url };
        string wallet;
        // What the sender has on a chain is its opening balance. The transfers are measured without a node: only what accepts them runs.
        using (var chain = await LocalAnvil.StartAsync())
        using (await WebProcess.StartAsync("dotnet", [.. arguments, $"--ethereum={chain.Url}"], new Uri(url, "ready")))
        {
            wallet = Id(await SendAsync(http, HttpMethod.Post, "/v1/wallets", $$"""{"name":"cold","chain":"ethereum","cold":true,"sender":"{{Sender}}"}"""));
            await SendAsync(http, HttpMethod.Post, $"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{Destination}}"}""");
            await SendAsync(http, HttpMethod.Put, $"/v1/wallets/{wallet}/policy", """{"assets":{"ethereum":{"perTransfer":"1000","perDay":"1000000000","approveAbove":"1000","maxFee":"1000"}}}""");
            for (var clock = Stopwatch.StartNew(); !(await SendAsync(http, HttpMethod.Get, $"/v1/wallets/{wallet}")).GetProperty("balances").TryGetProperty("ethereum", out _); await Task.Delay(100))
            {
                if (clock.Elapsed > TimeSpan.FromMinutes(2))
                    throw new InvalidOperationException("the opening balance was not booked");
            }
        }

        using var service = await WebProcess.StartAsync("dotnet", arguments, new Uri(url, "ready"));
        var latencies = new ConcurrentBag<double>();
        await TransferAsync(url, wallet, 0, WarmUp, []);
        var time = Stopwatch.StartNew();
        await TransferAsync(url, wallet, WarmUp, WarmUp + Transfers, latencies);
        var perSecond = Transfers / time.Elapsed.TotalSeconds;

        var receiving = Id(await SendAsync(http, HttpMethod.Post, "/v1/wallets", $$"""{"name":"shop","chain":"bitcoin","script":"p2wpkh","gapLimit":10000,"extendedPublicKey":"{{AccountKey}}"}"""));
        var addresses = new List<double>();
        for (var number = 0; number < FirstAddresses + Addresses; number++)
        {
            var began = Stopwatch.GetTimestamp();
            await SendAsync(http, HttpMethod.Post, $"/v1/wallets/{receiving}/addresses", "{}");
            if (number >= FirstAddresses)
                addresses.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        var (sorted, sortedAddresses) = (latencies.Order().ToArray(), addresses.Order().ToArray());
        return new AcceptingRun(store, perSecond, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], sortedAddresses[sortedAddresses.Length / 2], sortedAddresses[sortedAddresses.Length * 99 / 100], default);
    }

    private static async Task TransferAsync(Uri url, string wallet, int from, int to, ConcurrentBag<double> latencies)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var http = new HttpClient { BaseAddress = url };
            for (var number = Interlocked.Increment(ref next); number < to; number = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                await SendAsync(http, HttpMethod.Post, "/v1/transfers", $$"""{"wallet":"{{wallet}}","asset":"ethereum","destination":"{{Destination}}","amount":"20"}""", $"order-{number}");
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
        }));
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{method} {path}: {text}");
    }

    private static string Id(JsonElement body) => body.GetProperty("id").GetString()!;
}

/// <param name="Rows">That the same database commits one by one.</param>
internal sealed record AcceptingRun(string Store, double PerSecond, double P50, double P99, double AddressP50, double AddressP99, (double PerSecond, double P99) Rows);
