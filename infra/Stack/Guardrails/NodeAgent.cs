using System.Collections.Immutable;

namespace HaCluster.Stack.Guardrails;

/// <summary>An agent that runs on every node and needs something of it.</summary>
/// <param name="Namespace">Namespace of its pods.</param>
/// <param name="ServiceAccount">Account that its pods run under.</param>
public sealed record NodeAgent(string Namespace, string ServiceAccount)
{
    /// <summary>Paths of the node that it mounts read-only.</summary>
    public ImmutableArray<string> Reads { get; init; } = [];

    /// <summary>Paths of the node that it may write to.</summary>
    public ImmutableArray<string> Writes { get; init; } = [];

    /// <summary>Whether it shares the network and the processes of its node.</summary>
    public bool SharesNode { get; init; }
}
