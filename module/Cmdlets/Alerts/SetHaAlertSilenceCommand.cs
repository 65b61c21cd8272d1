using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Alerts;

namespace HaCluster.Cmdlets.Alerts;

/// <summary>Silences an alert for some time.</summary>
/// <remarks>
/// <para>The silence is stored in Alertmanager and ends by itself. Others see who set it and why.</para>
/// </remarks>
/// <example>
/// <para>Silence an alert for an hour.</para>
/// <code>Set-HaAlertSilence -Alert BitcoinTipOld -Hours 1</code>
/// </example>
/// <example>
/// <para>Silence it for one namespace only.</para>
/// <code>Set-HaAlertSilence ContainerRestartsOften -Hours 4 -Match @{ namespace = 'payments' } -Comment 'known, fixed in 1.42'</code>
/// </example>
[Cmdlet(VerbsCommon.Set, "HaAlertSilence", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SetHaAlertSilenceCommand : OperationCmdlet
{
    /// <summary>Name of the alert.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(AlertCompleter))]
    [ValidateNotNullOrEmpty]
    public string Alert { get; set; } = null!;

    /// <summary>When the silence ends.</summary>
    [Parameter]
    [ValidateRange(1.0 / 60, 720.0)]
    public double Hours { get; set; } = 2;

    /// <summary>More labels that must match, by name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public System.Collections.Hashtable? Match { get; set; }

    /// <summary>Reason, shown with the silence.</summary>
    [Parameter]
    [ValidateLength(0, 500)]
    public string Comment { get; set; } = "";

    protected override Task ProcessAsync() =>
        OperateAsync(new SetAlertSilence(Alert, TimeSpan.FromHours(Hours), Comment, Tables.TextByName(Match)));
}
