using System.Diagnostics;
using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Cmdlets.Views;

namespace HaCluster.Cmdlets.Twin;

/// <summary>Stops a local twin. Its cluster is gone afterwards; nothing of it is kept.</summary>
/// <example>
/// <para>Stop the twin that runs.</para>
/// <code>Stop-HaTwin</code>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "HaTwin", SupportsShouldProcess = true)]
[OutputType(typeof(TwinStatus))]
public sealed class StopHaTwinCommand : HaCmdlet
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Name of the twin. Default: the only one that runs.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TwinCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Write the twin that was stopped to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync()
    {
        var twin = Name is null ? RunningTwins.Only() : RunningTwins.Find(Name)
            ?? throw new HaClusterException(FailureKind.NotFound, "", $"twin {Name}", "no twin of this name runs", Others());
        if (!ShouldProcess($"twin {twin.Name}", "Stop it, and forget its cluster"))
            return;
        foreach (var connection in OpenConnections.List().Where(one => one.Session.Info.Source == ConnectionSource.Twin && one.Session.Info.Endpoint == Endpoint(twin)))
            OpenConnections.Remove(connection.Name);
        await EndAsync(twin.ProcessId);
        RunningTwins.Forget(twin.Name);
        if (PassThru)
            WriteObject(twin);
    }

    private static string Others() => Advice.Available(RunningTwins.List().Select(twin => twin.Name), "There is nothing to stop");

    private static string Endpoint(TwinStatus twin) => new Uri(twin.Kubernetes).GetLeftPart(UriPartial.Authority);

    /// <summary>Asks it to end, and ends it when it does not.</summary>
    private async Task EndAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (!OperatingSystem.IsWindows())
            {
                using var signal = Process.Start("kill", ["-TERM", $"{id}"]);
                await signal.WaitForExitAsync(StopToken);
                try
                {
                    await process.WaitForExitAsync(StopToken).WaitAsync(Grace, StopToken);
                    return;
                }
                catch (TimeoutException)
                {
                    WriteVerbose($"twin process {id} did not end within {Texts.Duration(Grace)}");
                }
            }

            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(StopToken);
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }
}
