using HaCluster.Operations.Running;

namespace HaCluster.Operations.Alerts;

/// <summary>Ends silences.</summary>
/// <param name="Silence">The id of one silence, or the name of an alert: all of its silences.</param>
public sealed record RemoveAlertSilence(string Silence) : OperationRequest
{
    public override string Command => "Remove-HaAlertSilence";

    public override string Target => $"silence {Silence}";
}
