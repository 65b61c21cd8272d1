using System.Management.Automation;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Shows whether AWS's service quotas leave room for the cluster at its largest.</summary>
/// <remarks>
/// <para>Compared with AWS's defaults for a new account, or with -Account with the limits and the use of yours. What may not be read is unknown, never enough.</para>
/// </remarks>
/// <example>
/// <para>What is too small in a new account.</para>
/// <code>Get-HaServiceQuota prod | Where-Object Verdict -eq short</code>
/// </example>
/// <example>
/// <para>Compared with your account.</para>
/// <code>Get-HaServiceQuota prod -Account</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaServiceQuota")]
[OutputType(typeof(ServiceQuota))]
public sealed class GetHaServiceQuotaCommand : StackCmdlet
{
    /// <summary>Compare with your AWS account, using your current credentials, in the region of the settings. Read only.</summary>
    [Parameter]
    public SwitchParameter Account { get; set; }

    protected override async Task ProcessAsync() => WriteObject(
        await ReadAsync(Account ? "planning, and reading the account" : "planning", StackDocuments.Quota, StackDocuments.ReadQuotas, Account ? ["quota", "--account"] : ["quota"]),
        enumerateCollection: true);
}
