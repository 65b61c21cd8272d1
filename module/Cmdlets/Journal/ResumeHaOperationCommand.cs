using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Journal;

/// <summary>Resumes an operation that was interrupted, stopped, or failed.</summary>
/// <remarks>
/// <para>Steps that were done are not done again. A step whose outcome is unknown is checked first. Anyone may resume the operation of someone else, also on another machine.</para>
/// </remarks>
/// <example>
/// <para>Resume the newest operation that did not end.</para>
/// <code>Resume-HaOperation</code>
/// </example>
/// <example>
/// <para>See what is left of a given one.</para>
/// <code>Get-HaOperation -State Interrupted | Resume-HaOperation -WhatIf</code>
/// </example>
[Cmdlet(VerbsLifecycle.Resume, "HaOperation", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
public sealed class ResumeHaOperationCommand : JournalCmdlet
{
    protected override async Task ProcessAsync()
    {
        var operation = await FindAsync(one => one.State is OperationState.Interrupted or OperationState.Stopped or OperationState.Failed, "can be resumed");
        var left = operation.Steps.Where(step => step.State is not (StepState.Done or StepState.Unneeded or StepState.Undone));
        if (!Asks(operation, "Resume", left))
            return;
        var runner = ClusterEngine.RunnerOf(Session());
        await RunAsync($"resume {operation.Command} {operation.Target}", options => Beside(token => runner.ResumeAsync(operation.Id, options, token)));
    }
}
