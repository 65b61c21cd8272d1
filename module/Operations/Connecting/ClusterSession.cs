using HaCluster.Operations.Aws;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;

namespace HaCluster.Operations.Connecting;

/// <summary>A connection to one cluster: everything that operations and views talk to.</summary>
public sealed class ClusterSession : IDisposable
{
    public required ConnectionInfo Info { get; init; }

    public required IKubernetesApi Kubernetes { get; init; }

    /// <summary>Null when the cluster was reached without AWS; <see cref="RequireAws"/> says what to do then.</summary>
    public AwsServices? Aws { get; init; }

    /// <summary>Why there is no AWS; null when there is.</summary>
    public string? WithoutAws { get; init; }

    public required MonitoringServices Monitoring { get; init; }

    /// <summary>Null without a stack.</summary>
    public StackOutputs? Outputs { get; init; }

    /// <summary>Who acts, as <c>user@host</c>: for leases, journals and silences.</summary>
    public string Operator { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Name of the cluster in EKS.</summary>
    public string ClusterName => Outputs?.ClusterName ?? Info.Name;

    /// <exception cref="HaClusterException">The cluster was reached without AWS.</exception>
    public AwsServices RequireAws(string purpose) => Aws ?? throw new HaClusterException(
        FailureKind.CredentialsMissing, "", purpose, $"this connection has no AWS{(WithoutAws is null ? "" : $": {WithoutAws.TrimEnd('.')}")}", "Connect with a stack, or give region and AWS credentials");

    public void Dispose()
    {
        Kubernetes.Dispose();
        Aws?.Dispose();
    }
}
