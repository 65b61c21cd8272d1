using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Journal;

/// <summary>Asks the process that runs an operation, here or on another machine, to stop, and waits until it has.</summary>
/// <remarks>
/// <para>It stops between steps or within one, and leaves a journal to resume or undo.</para>
/// </remarks>
/// <example>
/// <para>Stop whatever runs on the cluster.</para>
/// <code>Get-HaOperation -State Running | Stop-HaOperation</code>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "HaOperation", SupportsShouldProcess = true)]
[OutputType(typeof(OperationRecord))]
public sealed class StopHaOperationCommand : JournalCmdlet
{
    protected override async Task ProcessAsync()
    {
        var operation = await FindAsync(one => one.State is OperationState.Running, "runs");
        if (!Asks(operation, "Stop", operation.Steps.Where(step => step.State is StepState.Started)))
            return;
        ShowProgress($"stop {operation.Command} {operation.Target}", $"waiting for {operation.HeldBy ?? operation.By}");
        var runner = ClusterEngine.RunnerOf(Session());
        var stopped = await Beside(token => runner.StopAsync(operation.Id, token));
        if (PassThru)
            WriteOf(stopped);
        else
            WriteMessage($"{stopped.Command} {stopped.Target}: {stopped.State}. Continue with Resume-HaOperation {stopped.Id}, or revert with Undo-HaOperation {stopped.Id}.");
    }
}
