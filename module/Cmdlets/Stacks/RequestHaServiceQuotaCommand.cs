using System.Management.Automation;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Requests increases of the service quotas that are too small for a stack.</summary>
/// <remarks>
/// <para>Only quotas that are too small, adjustable, and not requested already. AWS answers within minutes or days.</para>
/// </remarks>
/// <example>
/// <para>See what would be requested.</para>
/// <code>Request-HaServiceQuota prod -WhatIf</code>
/// </example>
[Cmdlet(VerbsLifecycle.Request, "HaServiceQuota", SupportsShouldProcess = true)]
[OutputType(typeof(ServiceQuota))]
public sealed class RequestHaServiceQuotaCommand : StackCmdlet
{
    /// <summary>Write the quotas that were requested to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync()
    {
        var quotas = await ReadAsync("planning, and reading the account", StackDocuments.Quota, StackDocuments.ReadQuotas, "quota", "--account");
        var wanted = quotas.Where(quota => quota is { Verdict: "short", Adjustable: true, Code.Length: > 0 }).ToList();
        foreach (var fixedQuota in quotas.Where(quota => quota is { Verdict: "short", Adjustable: false }))
            WriteWarning($"{fixedQuota.Name}: {fixedQuota.NeedAtMost} are needed, the limit is {fixedQuota.Limit} and cannot be increased");
        if (wanted.Count == 0)
        {
            WriteMessage("No quota that can be increased is too small.");
            return;
        }

        var list = string.Join(Environment.NewLine, wanted.Select(quota => $"  {quota.Code} {quota.Name}: from {quota.Limit} by {quota.ShortBy}"));
        if (!ShouldProcess($"Request increases in account {wanted[0].Account}, {wanted[0].Region}:\n{list}", $"Request these increases?\n{list}", "Request-HaServiceQuota"))
            return;
        ShowProgress("Request-HaServiceQuota " + Stack, "filing");
        WriteMessage((await Beside(token => Tool().TextAsync(["quota", "--request", "--yes", "--stack", Stack], token))).TrimEnd());
        EndProgress();
        if (PassThru)
            WriteObject(wanted, enumerateCollection: true);
    }
}
