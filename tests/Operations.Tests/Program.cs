using HaCluster.Operations.Tests.Killing;

namespace HaCluster.Operations.Tests;

/// <summary>The test project as a program: a process of an operator that the tests can kill. The test host does not use it.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => ChildProcess.RunAsync(arguments);
}
