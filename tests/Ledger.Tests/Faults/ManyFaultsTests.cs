using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Proof;
using Xunit.Abstractions;

namespace HaCluster.Ledger.Tests.Faults;

/// <summary>
/// Two instances as processes over one archive, senders that do not give up, and one fault after the other: each kind at least once, and for as many records as
/// <c>HA_FAULT_RECORDS</c> says; <c>HA_FAULT_SEED</c> sets their order. At the end nothing that was acknowledged may be missing, changed or doubled.
/// </summary>
public sealed class ManyFaultsTests(ITestOutputHelper output) : IDisposable
{
    private const int FewestRecords = 20_000;
    private const int Senders = 6;

    /// <summary>One death for so many points of the write path: some 30 segments.</summary>
    private const int PointsPerDeath = 300;

    private static readonly int Records = int.TryParse(Environment.GetEnvironmentVariable("HA_FAULT_RECORDS"), CultureInfo.InvariantCulture, out var records) ? records : FewestRecords;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("HA_FAULT_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 15;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Under_faults_of_every_kind_nothing_acknowledged_is_lost_changed_or_doubled()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var (random, clock) = (new Random(Seed), Stopwatch.StartNew());
        var perRequest = Math.Clamp(Records / 300, 10, 500);
        await using var s3 = await LoopbackS3.StartAsync(_scratch.At("archive"), Seed);
        using var key = FileSigner.Open(_scratch.At("key.pem"));
        await using var one = Start("one", s3, Seed, PointsPerDeath);
        await using var two = Start("two", s3, Seed + 1, PointsPerDeath);
        using var senders = new Senders([one.Address, two.Address], perRequest, Seed);
        var happened = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (isStopped, isEveryKindDone) = (false, false);
        var sending = senders.SendAsync(Senders, () => isStopped || (isEveryKindDone && senders.Records >= Records));
        try
        {
            while (!sending.IsCompleted)
            {
                foreach (var fault in Shuffled(Kinds(s3, one, two), random))
                {
                    if (sending.IsCompleted)
                        break;
                    await fault.Begin();
                    happened[fault.Name] = happened.GetValueOrDefault(fault.Name) + 1;
                    await ProgressAsync(senders, sending, random);
                    await fault.End();
                    // Until records are stored again, so that faults do not hide one another.
                    var before = senders.Records;
                    await Waiting.UntilAsync($"records are stored after: {fault.Name}", () => senders.Records > before || sending.IsCompleted, () => one.Log + two.Log);
                }

                // Half of the requests are spared: a fault may have met none.
                isEveryKindDone = Enum.GetValues<S3Fault>().Length - 1 == s3.Suffered.Count;
            }
        }
        finally
        {
            isStopped = true;
            s3.Fault = S3Fault.None;
            await sending;
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await StopAsync(one, two);
        // What is left in the spools goes into the archive now, and must not double anything.
        await using (var again = Start("one", s3, Seed, 0))
        await using (var also = Start("two", s3, Seed, 0))
        {
            await ReadyAsync(again, also);
            await StopAsync(again, also);
        }

        var segments = await AssertStoredAsync(senders, perRequest);
        await AssertVerifiedAsync(senders.Records);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: {senders.Records} records acknowledged in {seconds:0} s, {senders.Retries} requests sent again, {segments} segments"));
        output.WriteLine($"processes: {one.Starts + two.Starts} starts, {one.Deaths + two.Deaths} of them ended by SIGKILL at a point of the write path");
        output.WriteLine($"requests to S3 with a fault: {string.Join(", ", s3.Suffered.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        output.WriteLine($"faults: {string.Join(", ", happened.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.All(Enum.GetValues<S3Fault>().Where(fault => fault != S3Fault.None), fault => Assert.True(s3.Suffered.ContainsKey(fault), $"{fault} did not happen"));
        Assert.True(one.Deaths + two.Deaths > 0, "no process died at a point of the write path");
        if (Programs.Find("prlimit") is not null)
            Assert.Contains("\"event\":\"spool-away\"", one.Log + two.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\"event\":\"broken\"", one.Log + two.Log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_segment_that_S3_acknowledged_and_lost_comes_back_after_a_kill_or_with_the_next_checkpoint()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        await using var s3 = await LoopbackS3.StartAsync(_scratch.At("archive"), Seed);
        using var key = FileSigner.Open(_scratch.At("key.pem"));
        await using var one = Start("one", s3, Seed, 0);
        using var senders = new Senders([one.Address], 10, Seed);
        await senders.SendAsync(1, () => senders.Records >= 30);
        s3.Lost = 1;
        await senders.SendAsync(1, () => senders.Records >= 60);
        Assert.Equal(-1, Math.Max(s3.Lost, -1));
        // As long as nobody puts it back, whoever looks finds it.
        Assert.Contains("are missing", (await VerifyAsync()).Output, StringComparison.Ordinal);
        await one.SignalAsync("KILL");
        await senders.SendAsync(1, () => senders.Records >= 90);
        await AssertStoredAsync(senders, 10);
        s3.Lost = 2;
        await senders.SendAsync(1, () => senders.Records >= 120);
        Assert.Contains("are missing", (await VerifyAsync()).Output, StringComparison.Ordinal);
        await one.StopAsync();
        await AssertStoredAsync(senders, 10);
        await AssertVerifiedAsync(senders.Records);
        Assert.True(one.Log.Split("\"event\":\"restored\"").Length - 1 >= 3, one.Log);
    }

    private Instance Start(string name, LoopbackS3 s3, int seed, int deaths) =>
        new(Directory.CreateDirectory(_scratch.At(name)).FullName, s3.Endpoint, _scratch.At("key.pem"), Math.Max(1000, Records / 20), seed, deaths);

    private static List<Kind> Kinds(LoopbackS3 s3, Instance one, Instance two)
    {
        Kind Of(S3Fault fault) => new(
            $"S3 {fault}",
            () => Set(fault),
            () => Set(S3Fault.None));
        Task Set(S3Fault fault)
        {
            s3.Fault = fault;
            return Task.CompletedTask;
        }

        List<Kind> kinds =
        [
            .. Enum.GetValues<S3Fault>().Where(fault => fault != S3Fault.None).Select(Of),
            new("SIGKILL of one", () => one.SignalAsync("KILL")),
            new("SIGKILL of the other", () => two.SignalAsync("KILL")),
            new("SIGKILL of both", async () =>
            {
                await one.SignalAsync("KILL");
                await two.SignalAsync("KILL");
            }),
            new("SIGTERM of one", () => one.SignalAsync("TERM")),
            new("one stands still, and goes on with what it knew", () => one.SignalAsync("STOP"), () => one.SignalAsync("CONT")),
        ];
        if (Programs.Find("prlimit") is not null)
        {
            kinds.Add(new("full disk of one", () => one.LimitFilesAsync(1000), () => one.LimitFilesAsync(null)));
            kinds.Add(new("full disk of both", () => Task.WhenAll(one.LimitFilesAsync(1000), two.LimitFilesAsync(1000)), () => Task.WhenAll(one.LimitFilesAsync(null), two.LimitFilesAsync(null))));
        }

        return kinds;
    }

    private static List<Kind> Shuffled(List<Kind> kinds, Random random)
    {
        var shuffled = kinds.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }

    /// <summary>A fault lasts for some hundred records, or when nothing is stored under it for a moment.</summary>
    private static async Task ProgressAsync(Senders senders, Task sending, Random random)
    {
        var (until, clock, longest) = (senders.Records + Records / 200, Stopwatch.StartNew(), TimeSpan.FromSeconds(0.5 + 2 * random.NextDouble()));
        while (senders.Records < until && clock.Elapsed < longest && !sending.IsCompleted)
            await Task.Delay(10);
    }

    private static async Task ReadyAsync(params Instance[] instances)
    {
        using var http = new HttpClient();
        foreach (var instance in instances)
            await Waiting.UntilAsync("the instance is ready", async () => (await http.GetAsync(new Uri(instance.Address, "/ready"))).IsSuccessStatusCode, () => instance.Log);
    }

    private static async Task StopAsync(params Instance[] instances)
    {
        foreach (var instance in instances)
            await instance.StopAsync();
    }

    /// <summary>Each record is there once, where its sender was told.</summary>
    /// <returns>The number of segments.</returns>
    private async Task<int> AssertStoredAsync(Senders senders, int perRequest)
    {
        var told = senders.Acknowledged.SelectMany(request => request.Value.Select((sequence, record) => (Id: Tests.Faults.Senders.IdOf(request.Key, record), sequence))).ToDictionary(one => one.Id, one => one.sequence);
        Assert.Equal(senders.Acknowledged.Count * perRequest, told.Count);
        using var archive = new FolderArchive(_scratch.At("archive"));
        var (next, segments, wrong) = (1L, 0, new StringBuilder());
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments("payments"), "", default))
        {
            var segment = Segment.Read(await archive.ReadAsync(name, default), (in entry, _) =>
            {
                if (!told.Remove(entry.Id, out var sequence) || sequence != entry.Sequence)
                    wrong.AppendLine(CultureInfo.InvariantCulture, $"{entry.Id} is record {entry.Sequence}, and its sender was told {sequence}, or it is there twice");
            });
            Assert.Equal(next, segment.First);
            (next, segments) = (segment.Last + 1, segments + 1);
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.Empty(told);
        return segments;
    }

    private Task<Ended> VerifyAsync() => Programs.RunAsync("dotnet", [typeof(CommandLine).Assembly.Location, "verify", _scratch.At("archive")]);

    /// <summary>By the program, and by other software.</summary>
    private async Task AssertVerifiedAsync(long records)
    {
        var verified = await VerifyAsync();
        Assert.True(verified.Output.Contains($"payments: intact, {records} records", StringComparison.Ordinal), verified.Text);
        Assert.DoesNotContain("not covered", verified.Output, StringComparison.Ordinal);
        if (Programs.Find("python3") is not { } python || Programs.Find("openssl") is null)
            return;
        var other = await Programs.RunAsync(python, [Path.Combine(AppContext.BaseDirectory, "Format", "verify.py"), _scratch.At("archive")]);
        Assert.True(other.Output.StartsWith($"payments: {records} records", StringComparison.Ordinal), other.Text);
    }

    private sealed record Kind(string Name, Func<Task> Begin, Func<Task> End)
    {
        public Kind(string name, Func<Task> happen)
            : this(name, happen, () => Task.CompletedTask)
        {
        }
    }
}
