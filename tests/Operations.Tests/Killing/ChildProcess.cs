using System.Diagnostics;
using System.Globalization;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>A real process that runs or resumes an operation on a world in a file, and kills itself with SIGKILL at a point.</summary>
internal static class ChildProcess
{
    /// <param name="arguments">World file, folder of journals, scenario, entry of the journal to die at (0: none), <c>before</c> or <c>after</c>.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == arguments[2]);
        var entry = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        var faults = new Faults { KillBeforeWrite = arguments[4] == "before" ? entry : -1, KillAfterWrite = arguments[4] == "after" ? entry : -1, Kill = Kill };
        var process = new FakeProcess(FakeWorld.Load(arguments[0]), arguments[1], faults, file: arguments[0]);
        var open = (await process.Runner.ListAsync(default)).FirstOrDefault(operation => operation.Command == scenario.Request.Command);
        // A process that was killed before its journal had an entry left only its lease, and a person waits for that to expire.
        if (open is null && LeaseReading.IsHeldNow(await OperationLease.FindAsync(process.Session.Kubernetes, default), process.Time))
            await Task.Delay(OperationLease.Duration * 4, process.Time);
        var result = open is null ? await process.Runner.RunAsync(scenario.Request, RunOptions.Default, default)
            : open.State == OperationState.Succeeded ? null
            : await process.Runner.ResumeAsync(open.Id, RunOptions.Default, default);
        return result is null or { State: OperationState.Succeeded } ? 0 : 1;
    }

    /// <returns>The exit code; 137 (128 and SIGKILL) when it killed itself.</returns>
    public static async Task<(int Code, string Errors)> StartAsync(params IEnumerable<string> arguments)
    {
        var ended = await Programs.RunAsync(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(ChildProcess).Assembly.Location, .. arguments]);
        return (ended.ExitCode, ended.Error);
    }

    private static void Kill()
    {
        using var self = Process.GetCurrentProcess();
        // SIGKILL on Unix: no finally, no dispose, no flush.
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
