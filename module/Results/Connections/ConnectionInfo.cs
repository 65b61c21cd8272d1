namespace HaCluster;

/// <summary>How a cluster was found.</summary>
public enum ConnectionSource
{
    /// <summary>The outputs of a Pulumi stack.</summary>
    Stack,

    /// <summary>A kubeconfig and a context.</summary>
    Kubeconfig,

    /// <summary>A local twin.</summary>
    Twin,
}

/// <summary>A connection to one cluster, without any secret.</summary>
/// <param name="Name">Of the cluster; for a kubeconfig without stack outputs the name that its context gives it.</param>
/// <param name="Context">Of the kubeconfig; null when none was used.</param>
/// <param name="Endpoint">Address of the Kubernetes API.</param>
/// <param name="KubernetesVersion">Such as <c>v1.36.2</c>.</param>
/// <param name="Region">Null without AWS.</param>
/// <param name="Account">Number of the AWS account; null without AWS.</param>
/// <param name="Caller">Who acts, as AWS (ARN) or Kubernetes names the caller.</param>
/// <param name="Stack">Name of the Pulumi stack; null when unknown.</param>
public sealed record ConnectionInfo(
    string Name,
    ConnectionSource Source,
    string? Context,
    string Endpoint,
    string KubernetesVersion,
    string? Region,
    string? Account,
    string Caller,
    string? Stack,
    DateTimeOffset ConnectedAt);
