namespace HaCluster;

/// <summary>A local twin that runs on this computer.</summary>
/// <param name="Stack">Whose cluster it plays.</param>
/// <param name="ProcessId">Of <c>ha twin</c>.</param>
/// <param name="Kubernetes">Address of its Kubernetes API.</param>
/// <param name="Aws">Address of its AWS; empty without one.</param>
/// <param name="Kubeconfig">For kubectl.</param>
/// <param name="Log">What <c>ha twin</c> writes.</param>
public sealed record TwinStatus(string Name, string Stack, int ProcessId, string Kubernetes, string Aws, string Kubeconfig, string Log);
