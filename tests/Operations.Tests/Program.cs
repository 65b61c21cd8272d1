using HaCluster.Operations.Tests.Killing;
using HaCluster.Operations.Tests.LocalTwins;
using HaCluster.Operations.Tests.Payments;

namespace HaCluster.Operations.Tests;

/// <summary>The test project as a program: a process of an operator that the tests can kill. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        [TwinChild.Command, var order] => TwinChild.ActAsync(order),
        [PaymentsWorld.Command, var kubeconfig] => PaymentsWorld.RunAsync(kubeconfig),
        _ => ChildProcess.RunAsync(arguments),
    };
}
