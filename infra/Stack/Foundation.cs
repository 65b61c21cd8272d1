using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using Pulumi;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack;

/// <summary>What every workload needs: the cluster, its network, its keys and the connection to its API.</summary>
public sealed record Foundation
{
    public required StackScope Scope { get; init; }

    public required Aws.Eks.Cluster Cluster { get; init; }

    public required ClusterNetwork Network { get; init; }

    public required EncryptionKeys Keys { get; init; }

    public required Kubernetes.Provider Provider { get; init; }

    /// <summary>Number of zones.</summary>
    public required int Zones { get; init; }

    /// <summary>Resources that must exist before any workload: namespaces with their guards, storage classes, DNS, nodes.</summary>
    public required ImmutableArray<Resource> Ready { get; init; }

    /// <summary>The same foundation with tags that name a component.</summary>
    public Foundation Of(string component) => this with { Scope = Scope.Of(component) };
}
