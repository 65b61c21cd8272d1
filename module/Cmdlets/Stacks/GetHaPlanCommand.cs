using System.Management.Automation;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Shows what pulumi up would create for a stack, and what its policies say.</summary>
/// <remarks>
/// <para>The program runs against an engine on this computer: no AWS account, no Pulumi, no cluster is needed. What the real Pulumi would change is shown by Deploy-HaStack -WhatIf.</para>
/// </remarks>
/// <example>
/// <para>The plan of a stack.</para>
/// <code>Get-HaPlan prod</code>
/// </example>
/// <example>
/// <para>How many resources there are of each type.</para>
/// <code>(Get-HaPlan prod).Resources | Group-Object Type -NoElement | Sort-Object Count -Descending</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaPlan")]
[OutputType(typeof(StackPlan))]
public sealed class GetHaPlanCommand : StackCmdlet
{
    protected override async Task ProcessAsync() =>
        WriteObject(await ReadAsync("planning", StackDocuments.Plan, StackDocuments.ReadPlan, "plan"));
}
