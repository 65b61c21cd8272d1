using HaCluster.Ledger.Tests.Faults;
using HaCluster.Ledger.Tests.Killing;

namespace HaCluster.Ledger.Tests;

/// <summary>The test project as a program: a ledger that the tests can kill at a point. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        [KilledLedger.Command, .. var rest] => KilledLedger.RunAsync(rest),
        [FaultedLedger.Command, .. var rest] => FaultedLedger.RunAsync(rest),
        [KilledIndexer.Command, .. var rest] => KilledIndexer.RunAsync(rest),
        _ => throw new ArgumentException($"write {KilledLedger.Command}, {FaultedLedger.Command} or {KilledIndexer.Command} and what it takes"),
    };
}
