using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Module;

/// <summary>Ctrl+C ends whatever a cmdlet waits for.</summary>
public sealed class StopTests
{
    /// <summary>Of a request to a cluster: <c>KubernetesOptions.Attempts</c> of the module.</summary>
    private const int Attempts = 4;

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_left_at_once()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var scratch = new Scratch();
        var address = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        await File.WriteAllTextAsync(scratch.At("kubeconfig"), $$"""
            apiVersion: v1
            kind: Config
            current-context: here
            clusters: [{name: c, cluster: {server: "{{address}}" } }]
            users: [{name: u, user: {token: t} }]
            contexts: [{name: here, context: {cluster: c, user: u} }]
            """);
        using var shell = new Shell();
        using var pipeline = shell.Create($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}'");
        var running = pipeline.BeginInvoke();
        using var accepted = await silent.AcceptTcpClientAsync();
        await StopAsync(pipeline, running);
        // It did not go on to its last attempt.
        var connections = 1;
        for (; silent.Pending(); connections++)
            (await silent.AcceptTcpClientAsync()).Dispose();
        Assert.InRange(connections, 1, Attempts - 1);
    }

    [SkippableFact]
    public async Task A_proof_that_runs_is_killed_with_its_process()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs ps");
        using var shell = new Shell();
        using var pipeline = shell.Create($"Get-HaProof prod -FixSeconds 3600 -ProjectDirectory '{Checkout.Root}'");
        var running = pipeline.BeginInvoke();
        await Waiting.UntilAsync("ha runs", IsToolRunningAsync);
        await StopAsync(pipeline, running);
        await Waiting.UntilAsync("ha is gone", async () => !await IsToolRunningAsync());
    }

    private static async Task StopAsync(PowerShell pipeline, IAsyncResult running)
    {
        Assert.False(running.IsCompleted);
        await pipeline.StopAsync(null, null).WaitAsync(Waiting.Limit);
        Assert.Equal(PSInvocationState.Stopped, pipeline.InvocationStateInfo.State);
    }

    /// <summary>Whether this process has started <c>ha prove</c>: another checkout under test may have as well.</summary>
    private static async Task<bool> IsToolRunningAsync() => (await Programs.RunAsync("ps", ["-A", "-ww", "-o", "ppid=", "-o", "args="])).Output.Split('\n')
        .Select(line => line.Trim().Split(' ', 2))
        .Any(process => process[0] == $"{Environment.ProcessId}" && process[1].Contains("ha.dll prove ", StringComparison.Ordinal));
}
