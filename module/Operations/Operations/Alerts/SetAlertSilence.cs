using HaCluster.Operations.Running;

namespace HaCluster.Operations.Alerts;

/// <summary>Silences an alert for some time.</summary>
/// <param name="Matchers">More labels that must match, by name.</param>
public sealed record SetAlertSilence(string Alert, TimeSpan Duration, string Comment, IReadOnlyDictionary<string, string> Matchers) : OperationRequest
{
    public override string Command => "Set-HaAlertSilence";

    public override string Target => $"alert {Alert}";
}
