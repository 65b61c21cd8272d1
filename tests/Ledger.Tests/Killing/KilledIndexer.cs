using System.Globalization;
using System.Net;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Killing;

/// <summary>The whole service as a real process: it stores records, says which were acknowledged, and kills itself with SIGKILL at a point of indexing.</summary>
internal static class KilledIndexer
{
    public const string Command = "killed-indexer";
    public const int Records = 40;

    /// <summary>As a last argument: builds the index anew in place of that.</summary>
    public const string Rebuild = "rebuild";

    /// <param name="arguments">Folder of the service, index, point to die at, the time that it is reached for which it dies.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ThreadPool.SetMinThreads(4, 4);
        var death = new KilledLedger.Death(arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        if (arguments is [.., Rebuild])
            return await RebuildAsync(arguments[0], arguments[1], death);
        var options = new ServeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = arguments[0],
            Archive = Path.Combine(arguments[0], "archive"),
            Key = Path.Combine(arguments[0], "key.pem"),
            Producers = Reloaded<Producers>.Fixed(Producers.Anyone),
            Log = new LogOptions { Linger = TimeSpan.Zero },
            Index = arguments[1],
        };
        await using var service = await RunningService.StartAsync(options, death, Console.Error, CancellationToken.None);
        await Waiting.UntilAsync("the archive is read", () => service.Logs.Trouble is null);
        await using var index = StorageAddresses.OpenIndex(arguments[1], null);
        for (var number = 1; number <= Records; number++)
        {
            // As a producer that goes on after a crash: it sends what it does not know to be stored, and the last one again.
            if (await service.Logs.AppendAsync(Ledgers.Stream, Ledgers.Records(number, 1)) is not Outcome.Stored)
                return 3;
            Console.WriteLine($"acknowledged r-{number}");
            Console.Out.Flush();
            // So that every point is reached twice at least.
            if (number == Records / 2)
                await Waiting.UntilAsync("half of it is indexed", async () => await index.PositionAsync(Ledgers.Stream, CancellationToken.None) >= number);
        }

        await Waiting.UntilAsync("everything is indexed", async () => await index.PositionAsync(Ledgers.Stream, CancellationToken.None) == Records);
        var page = await index.SearchAsync(new RecordQuery(Ledgers.Stream) { Limit = 2 * Records }, CancellationToken.None);
        foreach (var record in page.Records)
            Console.WriteLine($"found {record.Id}");
        return 0;
    }

    private static async Task<int> RebuildAsync(string folder, string place, IFaultPoints faults)
    {
        using var archive = new FolderArchive(Path.Combine(folder, "archive"));
        await using var index = StorageAddresses.OpenIndex(place, null, faults);
        await new Rebuilder(archive, index, Console.Out, TimeProvider.System).RebuildAsync(Ledgers.Stream, CancellationToken.None);
        return 0;
    }
}
