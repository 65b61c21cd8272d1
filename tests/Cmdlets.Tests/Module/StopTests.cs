using System.Diagnostics;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Module;

/// <summary>Ctrl+C ends whatever a cmdlet waits for.</summary>
public sealed class StopTests
{
    /// <summary>Far below what the calls would wait for, and far above what a loaded machine needs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

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
    }

    [Fact]
    public async Task A_proof_that_runs_is_killed_with_its_process()
    {
        using var shell = new Shell();
        using var pipeline = shell.Create($"Get-HaProof prod -FixSeconds 3600 -ProjectDirectory '{Checkout.Root}'");
        var before = Tools();
        var running = pipeline.BeginInvoke();
        while (Tools().Except(before).FirstOrDefault() == 0)
            await Task.Delay(20);
        var tool = Tools().Except(before).First();
        await StopAsync(pipeline, running);
        for (var waited = Stopwatch.StartNew(); Tools().Contains(tool); await Task.Delay(20))
            Assert.True(waited.Elapsed < Limit, "ha still runs");
    }

    private static async Task StopAsync(PowerShell pipeline, IAsyncResult running)
    {
        Assert.False(running.IsCompleted);
        var clock = Stopwatch.StartNew();
        await pipeline.StopAsync(null, null);
        Assert.True(clock.Elapsed < Limit, $"it took {clock.Elapsed}");
        Assert.Equal(PSInvocationState.Stopped, pipeline.InvocationStateInfo.State);
    }

    /// <summary>Processes that run <c>ha prove</c>.</summary>
    private static HashSet<int> Tools() => [.. Process.GetProcessesByName("dotnet").Where(IsTool).Select(process => process.Id)];

    private static bool IsTool(Process process)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("ha.dll\0prove", StringComparison.Ordinal)
                : process.Modules.Cast<ProcessModule>().Any(module => module.ModuleName == "ha.dll");
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
