using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Journal;

/// <summary>Undoes the steps that an operation did, the last first.</summary>
/// <remarks>
/// <para>Steps that found nothing to do are not undone. What cannot be undone, such as a deleted volume, is shown before anything is done.</para>
/// </remarks>
/// <example>
/// <para>See what would be undone.</para>
/// <code>Get-HaOperation -State Succeeded | Select-Object -First 1 | Undo-HaOperation -WhatIf</code>
/// </example>
[Cmdlet(VerbsCommon.Undo, "HaOperation", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
public sealed class UndoHaOperationCommand : JournalCmdlet
{
    protected override async Task ProcessAsync()
    {
        var operation = await FindAsync(one => one.State is OperationState.Interrupted or OperationState.Stopped or OperationState.Failed, "stopped before its end");
        if (!Asks(operation, "Undo", operation.Steps.Where(step => step.State is StepState.Done or StepState.Started).Reverse()))
            return;
        var runner = ClusterEngine.RunnerOf(Session());
        await RunAsync($"undo {operation.Command} {operation.Target}", options => Beside(token => runner.UndoAsync(operation.Id, options, token)));
    }
}
