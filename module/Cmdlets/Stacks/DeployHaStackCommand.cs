using System.Management.Automation;
using HaCluster.Cmdlets.Views;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Creates or updates the cluster of a stack with pulumi up, after the plan and the proof.</summary>
/// <remarks>
/// <para>The stack is planned and proved on this computer first: a policy that is violated or a proof that does not hold stops it. -WhatIf runs pulumi preview and shows what would change. Needs the Pulumi CLI, logged in, and AWS credentials.</para>
/// </remarks>
/// <example>
/// <para>See what would change.</para>
/// <code>Deploy-HaStack staging -WhatIf</code>
/// </example>
/// <example>
/// <para>Deploy without a question, and keep the result.</para>
/// <code>$deployed = Deploy-HaStack staging -Confirm:$false -PassThru</code>
/// </example>
// An approved verb since PowerShell 6, which the reference assembly of 5.1 does not name.
[Cmdlet("Deploy", "HaStack", SupportsShouldProcess = true)]
[OutputType(typeof(StackDeployment))]
public sealed class DeployHaStackCommand : PulumiCmdlet
{
    /// <summary>Deploy although the proof does not hold. Policies and settings cannot be overridden here.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync()
    {
        var plan = await ReadAsync("planning", StackDocuments.Plan, StackDocuments.ReadPlan, "plan");
        if (plan.Refused)
        {
            throw new HaClusterException(
                FailureKind.Rejected, "ha plan", $"stack {Stack}",
                "a policy is violated: " + string.Join("; ", plan.Policies.Where(policy => policy.Status == "violated").SelectMany(policy => policy.Problems)),
                "Fix it, or switch the policy off in ha-cluster:policies with a reason");
        }

        var proof = await ReadAsync("proving", StackDocuments.Proof, StackDocuments.ReadProof, "prove", "--fix-seconds", "0");
        if (!proof.Holds && !Force)
        {
            throw new HaClusterException(
                FailureKind.NotSafe, "ha prove", $"stack {Stack}",
                $"the proof is {proof.Verdict}: {string.Join("; ", proof.Violations.Select(violation => violation.Problem).Concat(proof.Incomplete).Take(5))}",
                $"Get-HaProof {Stack} shows all of it and what fixes it; -Force deploys it as it is");
        }

        await RunPulumiAsync(
            PulumiCommand.Up,
            $"{plan.Count} resources declared{(plan.FirstUp is { } first ? $"; a first deployment takes about {Texts.Duration(first)}" : "")}");
    }
}
