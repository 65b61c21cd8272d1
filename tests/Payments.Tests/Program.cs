using HaCluster.Payments.Tests.Killing;

namespace HaCluster.Payments.Tests;

/// <summary>The test project as a program: a sender that the tests can kill at a point. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments is [KilledSender.Command, .. var rest]
        ? KilledSender.RunAsync(rest)
        : throw new ArgumentException($"write {KilledSender.Command} and what it takes");
}
