using HaCluster.Operations.Running;

namespace HaCluster.Operations.Alerts;

/// <summary>Sends a test alert through Alertmanager, which shows whether people are reached.</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
public sealed record SendTestAlert(string Severity = "warning") : OperationRequest
{
    public override string Command => "Test-HaAlert";

    public override string Target => $"a {Severity} test alert";
}
