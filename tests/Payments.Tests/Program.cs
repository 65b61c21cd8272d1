using HaCluster.Payments.Tests.Killing;
using HaCluster.Payments.Tests.Measuring;

namespace HaCluster.Payments.Tests;

/// <summary>The test project as a program: a sender, a forwarder, a sweeper and a watcher that the tests can kill at a point, and measurements. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        [KilledSender.Command, .. var rest] => KilledSender.RunAsync(rest),
        [KilledForwarder.Command, .. var rest] => KilledForwarder.RunAsync(rest),
        [KilledSweeper.Command, .. var rest] => KilledSweeper.RunAsync(rest),
        [KilledWatcher.Command, .. var rest] => KilledWatcher.RunAsync(rest),
        [WatchingMeasurement.Command, .. var rest] => WatchingMeasurement.RunAsync(rest),
        [LimitMeasurement.Command, .. var rest] => LimitMeasurement.RunAsync(rest),
        _ => throw new ArgumentException($"write {KilledSender.Command}, {KilledForwarder.Command}, {KilledSweeper.Command}, {KilledWatcher.Command}, {WatchingMeasurement.Command} or {LimitMeasurement.Command} and what it takes"),
    };
}
