using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Alerts;

namespace HaCluster.Cmdlets.Alerts;

/// <summary>Ends silences.</summary>
/// <example>
/// <para>End all silences of an alert.</para>
/// <code>Remove-HaAlertSilence BitcoinTipOld</code>
/// </example>
/// <example>
/// <para>End all that you can see.</para>
/// <code>Get-HaAlert -Silence | Remove-HaAlertSilence</code>
/// </example>
[Cmdlet(VerbsCommon.Remove, "HaAlertSilence", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RemoveHaAlertSilenceCommand : OperationCmdlet
{
    /// <summary>The id of one silence, or the name of an alert: all of its silences.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(AlertCompleter))]
    [ValidateNotNullOrEmpty]
    public string Silence { get; set; } = null!;

    protected override Task ProcessAsync() => OperateAsync(new RemoveAlertSilence(Silence));
}
