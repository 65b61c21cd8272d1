using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Deletes the cluster of a stack, and shows what was left behind.</summary>
/// <remarks>
/// <para>First goes what controllers in the cluster made and Pulumi does not know: load balancers of Services and Ingresses, and namespaces with volumes, with their snapshots. Then pulumi destroy runs. Last, what still carries the cluster's tags is looked for: the list is shown, empty or not. Set cluster.deletionProtection, edge.deletionProtection and those of the databases to false and deploy that first.</para>
/// </remarks>
/// <example>
/// <para>See what would be deleted.</para>
/// <code>Remove-HaStack trial -WhatIf</code>
/// </example>
/// <example>
/// <para>Delete it, and keep the list of what is left.</para>
/// <code>(Remove-HaStack trial -PassThru -Confirm:$false).Left</code>
/// </example>
[Cmdlet(VerbsCommon.Remove, "HaStack", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StackDeployment))]
public sealed class RemoveHaStackCommand : PulumiCmdlet
{
    /// <summary>Do not connect to the cluster first: for one whose API can no longer be reached. Its load balancers and volumes may then keep pulumi destroy from ending.</summary>
    [Parameter]
    public SwitchParameter SkipDrain { get; set; }

    /// <summary>How long to wait until load balancers and volumes are gone, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 1200;

    protected override async Task ProcessAsync()
    {
        if (SkipDrain)
        {
            await RunPulumiAsync(PulumiCommand.Destroy, "everything that the stack declares is deleted");
            WriteWarning("What the cluster left behind was not looked for, since -SkipDrain does not connect to it.");
            return;
        }

        var activity = $"Remove-HaStack {Stack}";
        ShowProgress(activity, "connecting to the cluster");
        using var session = await Beside(token => ClusterEngine.Connector().ConnectAsync(ConnectionRequest.ToStack(Stack, Project().Directory), token));
        var removal = new StackRemoval(session);
        var first = await Beside(removal.ListAsync);
        EndProgress();
        if (first.Count > 0)
        {
            var text = $"Drain cluster {session.ClusterName}:{string.Concat(first.Select(line => $"\n  {line}"))}";
            if (ShouldProcess(text, $"{text}\nDo this?", activity))
            {
                var progress = new Progress<string>(phase => ShowProgress(activity, "draining", phase));
                await Beside(async token =>
                {
                    await removal.DrainAsync(progress, TimeSpan.FromSeconds(TimeoutSeconds), token);
                    return true;
                });
                EndProgress();
            }
            else if (!IsWhatIf)
            {
                return;
            }
        }

        var deployment = await RunPulumiAsync(PulumiCommand.Destroy, "everything that the stack declares is deleted", async () =>
        {
            ShowProgress(activity, "looking for what is left");
            return await Beside(removal.FindLeftAsync);
        });
        if (deployment is not null && !PassThru)
            WriteObject(deployment.Left, enumerateCollection: true);
        if (deployment is not null)
            WriteMessage(deployment.Left.Count == 0 ? "No resource carries the tags of the cluster." : $"{deployment.Left.Count} resources still carry the tags of the cluster.");
    }
}
