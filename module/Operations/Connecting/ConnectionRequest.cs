using Amazon.Runtime;

namespace HaCluster.Operations.Connecting;

/// <summary>Which cluster, and how to reach it. One of stack, kubeconfig and twin.</summary>
public sealed record ConnectionRequest
{
    /// <summary>Name of a Pulumi stack; its outputs are read with <c>pulumi stack output</c> unless <see cref="Outputs"/> gives them.</summary>
    public string? Stack { get; init; }

    /// <summary>The folder with <c>Pulumi.yaml</c>; null: the current directory.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>The outputs of the stack, where they are known already.</summary>
    public StackOutputs? Outputs { get; init; }

    /// <summary>Path of a kubeconfig; with neither stack nor twin null means <c>KUBECONFIG</c> or <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Null: the kubeconfig's current context.</summary>
    public string? Context { get; init; }

    /// <summary>Name of a running local twin.</summary>
    public string? Twin { get; init; }

    /// <summary>Null: of the outputs, the kubeconfig's endpoint, or the environment.</summary>
    public string? Region { get; init; }

    /// <summary>Name of the EKS cluster, where neither outputs nor kubeconfig say it.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Null: what any AWS tool would find.</summary>
    public AWSCredentials? AwsCredentials { get; init; }

    /// <summary>Of all AWS services; null: <c>AWS_ENDPOINT_URL</c>, the profile, or AWS.</summary>
    public Uri? AwsEndpoint { get; init; }

    /// <summary>Connect to a cluster without tags, labels or outputs of HaCluster.</summary>
    public bool AllowOtherClusters { get; init; }

    public static ConnectionRequest ToTwin(string name) => new() { Twin = name };

    public static ConnectionRequest ToStack(string stack, string? projectDirectory = null) => new() { Stack = stack, ProjectDirectory = projectDirectory };

    public static ConnectionRequest ToContext(string? kubeconfig, string? context) => new() { Kubeconfig = kubeconfig, Context = context };
}
