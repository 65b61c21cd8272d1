using System.Management.Automation;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Reads what really exists into the state of a stack, with pulumi refresh.</summary>
/// <remarks>
/// <para>Nothing in AWS or Kubernetes is changed. Afterwards Deploy-HaStack -WhatIf shows what someone changed by hand.</para>
/// </remarks>
/// <example>
/// <para>See what differs, without writing the state.</para>
/// <code>Sync-HaStack staging -WhatIf</code>
/// </example>
[Cmdlet(VerbsData.Sync, "HaStack", SupportsShouldProcess = true)]
[OutputType(typeof(StackDeployment))]
public sealed class SyncHaStackCommand : PulumiCmdlet
{
    protected override Task ProcessAsync() => RunPulumiAsync(PulumiCommand.Refresh, "the state is set to what exists");
}
