using System.Diagnostics;
using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Faults;

/// <summary>The service as a process of its own, whose clock jumps and which now and then dies by SIGKILL at a point of the write path.</summary>
internal static class FaultedLedger
{
    public const string Command = "faulted-ledger";

    /// <param name="arguments">Port, folder of the spool, endpoint of S3, signing key, records for each checkpoint, seed, points of the write path for each death; 0: none.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (checkpoint, seed, deaths) = (Number(arguments[4]), Number(arguments[5]), Number(arguments[6]));
        var s3 = new AmazonS3Client(
            new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            new AmazonS3Config { ServiceURL = arguments[2], AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 2, Timeout = TimeSpan.FromSeconds(10) });
        var clock = new JumpingClock(seed);
        var options = new ServeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, Number(arguments[0])),
            Data = arguments[1],
            Archive = $"s3://{LoopbackS3.Bucket}",
            Key = arguments[3],
            Producers = Reloaded<Producers>.Fixed(Producers.Anyone),
            Log = new LogOptions
            {
                LongestLinger = TimeSpan.FromMilliseconds(200),
                CheckpointRecords = checkpoint,
                CheckpointRetry = TimeSpan.FromSeconds(1),
                RetryEvery = TimeSpan.FromMilliseconds(200),
                // More than any sender has on its way; a start reads so many.
                Window = 50_000,
            },
        };
        using var end = new CancellationTokenSource();
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        try
        {
            await using var service = await RunningService.StartAsync(
                options, new Deaths(seed, deaths), Console.Error, end.Token, new S3Archive(s3, LoopbackS3.Bucket, "", null, clock), clock);
            await service.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // As asked.
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Deaths(int seed, int points) : IFaultPoints
    {
        private readonly Random _random = new(seed);

        public void Reach(string point)
        {
            if (points == 0 || _random.Next(points) != 0)
                return;
            Console.Error.WriteLine($"dies at {point}");
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>Up to six hours off in both directions, and every few hundred looks another time.</summary>
    private sealed class JumpingClock(int seed) : TimeProvider
    {
        private readonly Random _random = new(seed);
        private TimeSpan _offset;
        private int _looks;

        public override DateTimeOffset GetUtcNow()
        {
            lock (_random)
            {
                if (_looks++ % 200 == 0)
                    _offset = TimeSpan.FromHours(12 * _random.NextDouble() - 6);
                return base.GetUtcNow() + _offset;
            }
        }
    }
}
