using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Alerts;

/// <summary>Shows alerts that are pending, firing or silenced, or the silences.</summary>
/// <example>
/// <para>What fires now, the worst first.</para>
/// <code>Get-HaAlert</code>
/// </example>
/// <example>
/// <para>The silences, with who set them and until when.</para>
/// <code>Get-HaAlert -Silence</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaAlert")]
[OutputType(typeof(AlertStatus))]
[OutputType(typeof(AlertSilence))]
public sealed class GetHaAlertCommand : ConnectedCmdlet
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    /// <summary>Names of alerts; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(AlertCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Only alerts of these severities.</summary>
    [Parameter]
    [ValidateSet("critical", "warning", "info")]
    public string[]? Severity { get; set; }

    /// <summary>Only alerts in these states. Default: firing and pending.</summary>
    [Parameter]
    [ValidateSet("firing", "pending", "silenced", "inhibited")]
    public string[] State { get; set; } = ["firing", "pending"];

    /// <summary>Show the silences that are active or pending instead.</summary>
    [Parameter]
    public SwitchParameter Silence { get; set; }

    protected override async Task ProcessAsync()
    {
        var views = ClusterEngine.ViewsOf(Session());
        if (Silence)
        {
            var silences = await Beside(views.ReadSilencesAsync);
            WriteOf(Matching(silences.Items, Name, silence => AlertOf(silence)).Where(silence => silence.State != "expired"), silences.Unknown);
            return;
        }

        var alerts = await Beside(views.ReadAlertsAsync);
        WriteOf(
            Matching(Matching(alerts.Items, Name, alert => alert.Name), Severity, alert => alert.Severity)
                .Where(alert => State.Contains(alert.State, StringComparer.OrdinalIgnoreCase))
                .OrderBy(alert => alert.State == "firing" ? 0 : 1)
                .ThenBy(alert => Array.IndexOf(Severities, alert.Severity) is >= 0 and var rank ? rank : Severities.Length)
                .ThenBy(alert => alert.StartedAt),
            alerts.Unknown);
    }

    private static string AlertOf(AlertSilence silence) =>
        silence.Matchers.FirstOrDefault(matcher => matcher.StartsWith("alertname", StringComparison.Ordinal))?.Split('"') is [_, var name, ..] ? name : "";
}
