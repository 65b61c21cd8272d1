using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows how much of the quotas of namespaces is used.</summary>
/// <example>
/// <para>Quotas of a namespace.</para>
/// <code>Get-HaQuota payments</code>
/// </example>
/// <example>
/// <para>What is nearly used up.</para>
/// <code>Get-HaQuota -MinPercent 80</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaQuota")]
[OutputType(typeof(QuotaStatus))]
public sealed class GetHaQuotaCommand : ConnectedCmdlet
{
    /// <summary>Namespaces; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[]? Namespace { get; set; }

    /// <summary>Only resources used to this percentage or more.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MinPercent { get; set; } = 0;

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadQuotasAsync);
        WriteMissing(view.Items, Namespace, quota => quota.Namespace, "namespace with quotas");
        WriteOf(Matching(view.Items, Namespace, quota => quota.Namespace).Where(quota => quota.Percent >= MinPercent), view.Unknown);
    }
}
