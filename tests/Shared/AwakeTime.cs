using System.Diagnostics;

namespace HaCluster.Tests.Shared;

/// <summary>
/// The time in which this process had its turns. A thread of the pool comes by again and again; as long as it does not, since the processors or the pool are
/// busy with others, no more than a moment passes.
/// </summary>
internal static class AwakeTime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly Lock Passing = new();
    private static TimeSpan _passed;
    private static long _seen = Stopwatch.GetTimestamp();

    static AwakeTime() => _ = Task.Run(PassAsync);

    public static TimeSpan Elapsed
    {
        get
        {
            lock (Passing)
                return _passed + Since();
        }
    }

    private static TimeSpan Since() => Stopwatch.GetElapsedTime(_seen) is var time && time < Moment ? time : Moment;

    private static async Task PassAsync()
    {
        while (true)
        {
            await Task.Delay(Moment / 3);
            lock (Passing)
            {
                _passed += Since();
                _seen = Stopwatch.GetTimestamp();
            }
        }
    }
}
