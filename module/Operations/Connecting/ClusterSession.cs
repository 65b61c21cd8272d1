using HaCluster.Operations.Aws;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Planning.Modelling.Settings;

namespace HaCluster.Operations.Connecting;

/// <summary>A connection to one cluster: everything that operations and views talk to.</summary>
public sealed class ClusterSession : IDisposable
{
    public required ConnectionInfo Info { get; init; }

    /// <summary>Null when the caller may not read it: then nothing can be changed.</summary>
    public ClusterIdentity? Identity { get; init; }

    public required IKubernetesApi Kubernetes { get; init; }

    /// <summary>Null when the cluster was reached without AWS; <see cref="RequireAws"/> says what to do then.</summary>
    public AwsServices? Aws { get; init; }

    /// <summary>Why there is no AWS; null when there is.</summary>
    public string? WithoutAws { get; init; }

    public required MonitoringServices Monitoring { get; init; }

    /// <summary>Null without a stack.</summary>
    public StackOutputs? Outputs { get; init; }

    /// <summary>What the stack's settings ask of the cluster; the defaults where no stack is known.</summary>
    public DeclaredObjectives Objectives { get; init; } = DeclaredObjectives.None;

    /// <summary>Why the objectives of the stack could not be read; null when they were, or there is no stack.</summary>
    public UnknownPart? WithoutObjectives { get; init; }

    /// <summary>Who acts, as <c>user@host</c>: for leases, journals and silences.</summary>
    public string Operator { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Name of the cluster in EKS.</summary>
    public string ClusterName => Outputs?.ClusterName ?? Info.Name;

    /// <exception cref="HaClusterException">The cluster was reached without AWS.</exception>
    public AwsServices RequireAws(string purpose) => Aws ?? throw new HaClusterException(
        FailureKind.CredentialsMissing, "", purpose, $"this connection has no AWS access{(WithoutAws is null ? "" : $": {WithoutAws.TrimEnd('.')}")}", "Connect with a stack, or give region and AWS credentials");

    /// <exception cref="HaClusterException">It could not be read.</exception>
    public ClusterIdentity RequireIdentity() => Identity ?? throw new HaClusterException(
        FailureKind.PermissionDenied, "GET namespaces/kube-system", $"cluster {ClusterName}", "it cannot be identified: its id is the uid of the namespace kube-system, which you may not read",
        "Ask for get on namespaces");

    public void Dispose()
    {
        Kubernetes.Dispose();
        Aws?.Dispose();
    }
}
