using System.Collections.Immutable;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Delivery;
using Pulumi;

namespace HaCluster.Stack.Delivery;

/// <summary>Input of <see cref="ClusterDelivery"/>.</summary>
public sealed record ClusterDeliveryArgs
{
    public required DeliverySettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>From a commit to running pods: repositories for images, runners that build them, and pipelines that roll them out without a stored key.</summary>
public sealed class ClusterDelivery : ComponentResource
{
    public const string TypeToken = "ha-cluster:delivery:Delivery";

    public ClusterDelivery(string name, ClusterDeliveryArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var settings = args.Settings;
        var child = new ComponentResourceOptions { Parent = this };
        var images = new ImageRepositories(
            "images",
            new ImageRepositoriesArgs { Settings = settings, Scope = args.Foundation.Scope },
            child);
        RepositoryUrls = images.Urls;

        if (!settings.GitLab.Projects.IsEmpty)
        {
            _ = new GitLabAccess(
                "gitlab-access",
                new GitLabAccessArgs { Settings = settings, Foundation = args.Foundation, RepositoryArns = images.Arns },
                child);
        }

        if (settings.GitLab.RunnerSecret.Length > 0)
        {
            _ = new GitLabRunner(
                "gitlab-runner",
                new GitLabRunnerArgs { Settings = settings, Foundation = args.Foundation, Platform = args.Platform },
                child);
        }

        RegisterOutputs();
    }

    /// <summary>What <c>docker push</c> takes, without a tag, by name of the repository without the cluster's.</summary>
    public ImmutableSortedDictionary<string, Output<string>> RepositoryUrls { get; }
}
