using System.Management.Automation;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Alerts;

namespace HaCluster.Cmdlets.Alerts;

/// <summary>Sends a test alert through Alertmanager, which shows whether people are reached.</summary>
/// <remarks>
/// <para>The alert is named HaClusterTest and resolves by itself. Check that it arrives in the channel of its severity.</para>
/// </remarks>
/// <example>
/// <para>Test the route of warnings.</para>
/// <code>Test-HaAlert</code>
/// </example>
/// <example>
/// <para>Test the route of critical alerts, including mail.</para>
/// <code>Test-HaAlert -Severity critical</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "HaAlert", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class TestHaAlertCommand : OperationCmdlet
{
    /// <summary>Severity of the test alert, which decides the channel.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("critical", "warning", "info")]
    public string Severity { get; set; } = "warning";

    protected override Task ProcessAsync() => OperateAsync(new SendTestAlert(Severity));
}
