using HaCluster.Payments.Tests.Killing;
using HaCluster.Payments.Tests.Measuring;

namespace HaCluster.Payments.Tests;

/// <summary>The test project as a program: a sender, a forwarder and a watcher that the tests can kill at a point, and a measurement for the benchmarks. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        [KilledSender.Command, .. var rest] => KilledSender.RunAsync(rest),
        [KilledForwarder.Command, .. var rest] => KilledForwarder.RunAsync(rest),
        [KilledWatcher.Command, .. var rest] => KilledWatcher.RunAsync(rest),
        [WatchingMeasurement.Command, .. var rest] => WatchingMeasurement.RunAsync(rest),
        _ => throw new ArgumentException($"write {KilledSender.Command}, {KilledForwarder.Command}, {KilledWatcher.Command} or {WatchingMeasurement.Command} and what it takes"),
    };
}
