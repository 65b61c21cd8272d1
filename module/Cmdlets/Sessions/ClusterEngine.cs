using HaCluster.Operations.Connecting;
using HaCluster.Operations.Ledger;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Pulumi;
using HaCluster.Operations.Running;
using HaCluster.Operations.Viewing;

namespace HaCluster.Cmdlets.Sessions;

/// <summary>Where the parts of the engine that cmdlets ask are made.</summary>
internal static class ClusterEngine
{
    public static ISessionConnector Connector() => new SessionConnector(trace: CallTrace.Write);

    public static IOperationRunner RunnerOf(ClusterSession session) => new OperationRunner(session, ProverOf(session));

    public static IClusterViews ViewsOf(ClusterSession session) => new ClusterViews(session);

    /// <param name="token">A reader's.</param>
    public static Task<LedgerClient> OpenLedgerAsync(ClusterSession session, string token, CancellationToken cancellationToken) => LedgerClient.OpenAsync(session.Kubernetes, token, cancellationToken);

    public static ILiveProver ProverOf(ClusterSession session) => new LiveProver(session);

    public static IReadOnlyList<string> ContextsOf(string? kubeconfig) => KubeconfigContexts.List(kubeconfig);

    public static IPulumi PulumiIn(string directory) => new PulumiCli(directory, trace: CallTrace.Write);
}
