using System.Diagnostics;
using System.Globalization;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Killing;

/// <summary>A real process that stores records one after the other, says which were acknowledged, and kills itself with SIGKILL at a point of the write path.</summary>
internal static class KilledLedger
{
    public const string Command = "killed-ledger";
    public const int Records = 12;
    public const int CheckpointRecords = 4;

    /// <param name="arguments">Folder of the archive, key, spool, point to die at, the time that it is reached for which it dies.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // While the writer waits for its death, an answer needs a thread of its own, at once.
        ThreadPool.SetMinThreads(4, 4);
        var death = new Death(arguments[3], int.Parse(arguments[4], CultureInfo.InvariantCulture));
        using var archive = new FolderArchive(arguments[0], death);
        using var signer = FileSigner.Open(arguments[1]);
        var options = new LogOptions { Linger = TimeSpan.Zero, CheckpointRecords = CheckpointRecords };
        await using var logs = new StreamLogs(new LogContext(archive, signer, options, TimeProvider.System, new Watcher(), death, "killed"), arguments[2]);
        await logs.OpenAsync(CancellationToken.None);
        for (var number = 1; number <= Records; number++)
        {
            // As a producer that goes on after a crash: it sends what it does not know to be stored, and the last one again.
            if (await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(number, 1)) is not Outcome.Stored)
                return 3;
            Console.WriteLine($"acknowledged r-{number}");
            Console.Out.Flush();
        }

        return 0;
    }

    internal sealed class Death(string point, int time) : IFaultPoints
    {
        /// <summary>In which an answer that was given too early gets out.</summary>
        private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(100);

        private int _reached;

        public void Reach(string reached)
        {
            if (reached == point && Interlocked.Increment(ref _reached) == time)
            {
                Thread.Sleep(LastMoment);
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
