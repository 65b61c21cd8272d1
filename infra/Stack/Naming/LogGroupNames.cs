using System.Collections.Immutable;

namespace HaCluster.Stack.Naming;

/// <summary>Names of log groups. Their key must know them before they exist.</summary>
public sealed class LogGroupNames(string cluster)
{
    /// <summary>The name that EKS writes to; it cannot be chosen.</summary>
    public string ControlPlane { get; } = $"/aws/eks/{cluster}/cluster";

    public string Flow { get; } = $"/aws/vpc/{cluster}/flow-logs";

    public ImmutableArray<string> All => [ControlPlane, Flow];

    public ImmutableDictionary<string, object> ToDictionary() => ImmutableDictionary.CreateRange<string, object>(
        [new("controlPlane", ControlPlane), new("flow", Flow)]);
}
