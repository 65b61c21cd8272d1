using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Cmdlets.Stacks;
using HaCluster.Engine.Running;

namespace HaCluster.Cmdlets.Twin;

/// <summary>Starts a local twin: a cluster on this computer, with the APIs of Kubernetes and AWS, for a declared stack.</summary>
/// <remarks>
/// <para>The stack is planned and proved, its plan applied to the twin, and its health waited for. It listens on loopback only, needs no account, and keeps running when this PowerShell ends. kubectl works beside it, with the kubeconfig that is written.</para>
/// </remarks>
/// <example>
/// <para>Start it, and connect.</para>
/// <code>Start-HaTwin
/// Connect-HaCluster -Local</code>
/// </example>
/// <example>
/// <para>The cheap stack, with its time sixty times as fast.</para>
/// <code>Start-HaTwin -Stack dev -Speed 60 -TwinName trial</code>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "HaTwin", SupportsShouldProcess = true)]
[OutputType(typeof(TwinStatus))]
public sealed class StartHaTwinCommand : StackCmdlet
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>How much faster than real its time is: 60 is a minute in each second.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int Speed { get; set; } = 1;

    /// <summary>Name of the twin, for several at once. Default: the stack.</summary>
    [Parameter]
    [Alias("Twin")]
    [ValidatePattern(@"^[a-z0-9][a-z0-9-]{0,38}\z", Options = RegexOptions.None)]
    public string? TwinName { get; set; }

    /// <summary>How long to wait until it is healthy, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 300;

    protected override async Task ProcessAsync()
    {
        var name = TwinName ?? Stack;
        if (RunningTwins.Find(name) is { } running)
        {
            WriteMessage($"Twin {name} is already running.");
            WriteObject(running);
            return;
        }

        if (!ShouldProcess($"twin {name}", $"Start a local twin of stack {Stack}"))
            return;
        RunningTwins.Forget(name);
        using var process = Launch(name);
        try
        {
            WriteObject(await WaitAsync(name, process));
        }
        catch
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private async Task<TwinStatus> WaitAsync(string name, Process process)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(TimeoutSeconds))
        {
            var lastLine = RunningTwins.LastLine(name) ?? "starting";
            if (process.HasExited)
            {
                throw new HaClusterException(
                    FailureKind.ServerFailed, "ha twin", $"twin {name}", $"it exited with code {process.ExitCode}: {lastLine}", $"Its full output is in {RunningTwins.LogOf(name)}");
            }

            if (RunningTwins.Find(name) is { } ready)
            {
                EndProgress();
                return ready;
            }

            ShowProgress($"Start-HaTwin {name}", lastLine);
            await Task.Delay(Poll, StopToken);
        }

        throw new HaClusterException(FailureKind.TimedOut, "ha twin", $"twin {name}", $"it is not healthy after {TimeoutSeconds} s", $"See {RunningTwins.LogOf(name)}, or wait longer: -TimeoutSeconds");
    }

    private Process Launch(string name)
    {
        RunningTwins.Prepare();
        var start = DetachedProcess.Create(
            RunningTwins.LogOf(name), DotnetHost.Path, ToolLocation.Find(), "twin", "--stack", Stack, "--name", name, "--speed", Speed.ToString(CultureInfo.InvariantCulture), "--no-color");
        start.WorkingDirectory = ProjectFolder;
        return Process.Start(start)!;
    }
}
