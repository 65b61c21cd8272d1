using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Delivery;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Delivery;

/// <summary>Input of <see cref="ImageRepositories"/>.</summary>
public sealed record ImageRepositoriesArgs
{
    public required DeliverySettings Settings { get; init; }

    public required StackScope Scope { get; init; }
}

/// <summary>
/// Private repositories for images, named CLUSTER/NAME. A tag is written once: what was tested is what runs, and a rollback finds what it
/// names. Images are scanned when they are pushed; that is set on each repository, since the setting of the registry is one for the whole
/// account.
/// </summary>
public sealed class ImageRepositories : ComponentResource
{
    public const string TypeToken = "ha-cluster:delivery:ImageRepositories";

    public ImageRepositories(string name, ImageRepositoriesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var repositories = args.Settings.Repositories.ToImmutableSortedDictionary(
            repository => repository, repository => Declare(repository, args), StringComparer.Ordinal);
        Urls = repositories.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.RepositoryUrl, StringComparer.Ordinal);
        Arns = [.. repositories.Values.Select(repository => repository.Arn)];

        if (!args.Settings.CopyTo.IsEmpty)
            CopyToOtherRegions(name, args);
        RegisterOutputs();
    }

    /// <summary>What <c>docker push</c> takes, without a tag, by name of the repository without the cluster's.</summary>
    public ImmutableSortedDictionary<string, Output<string>> Urls { get; }

    public ImmutableArray<Output<string>> Arns { get; }

    private Aws.Ecr.Repository Declare(string repository, ImageRepositoriesArgs args)
    {
        var scope = args.Scope;
        var path = $"{scope.ClusterName}/{repository}";
        var declared = new Aws.Ecr.Repository(
            repository,
            new Aws.Ecr.RepositoryArgs
            {
                Name = path,
                ImageTagMutability = "IMMUTABLE",
                ImageScanningConfiguration = new Aws.Ecr.Inputs.RepositoryImageScanningConfigurationArgs { ScanOnPush = true },

                // With the key that AWS keeps for ECR: a key of our own would have to outlive every image that a destroyed stack leaves behind.
                EncryptionConfigurations = { new Aws.Ecr.Inputs.RepositoryEncryptionConfigurationArgs { EncryptionType = "KMS" } },
                ForceDelete = false,
                Tags = scope.Tags.Named(path),
            },
            new CustomResourceOptions { Parent = this });
        _ = new Aws.Ecr.LifecyclePolicy(
            repository,
            new Aws.Ecr.LifecyclePolicyArgs
            {
                Repository = declared.Name,
                Policy = Lifecycle(args.Settings.KeepUntaggedDays, args.Settings.KeepImages),
            },
            new CustomResourceOptions { Parent = this });
        return declared;
    }

    // An account has one such configuration per region. What is copied is chosen by the beginning of the name:
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
    private void CopyToOtherRegions(string name, ImageRepositoriesArgs args)
    {
        var rule = new Aws.Ecr.Inputs.ReplicationConfigurationReplicationConfigurationRuleArgs
        {
            RepositoryFilters =
            {
                new Aws.Ecr.Inputs.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs
                {
                    Filter = $"{args.Scope.ClusterName}/",
                    FilterType = "PREFIX_MATCH",
                },
            },
        };
        foreach (var region in args.Settings.CopyTo)
        {
            rule.Destinations.Add(new Aws.Ecr.Inputs.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs
            {
                Region = region,
                RegistryId = args.Scope.Account.Id,
            });
        }

        _ = new Aws.Ecr.ReplicationConfiguration(
            name,
            new Aws.Ecr.ReplicationConfigurationArgs
            {
                ReplicationConfigurationDetails = new Aws.Ecr.Inputs.ReplicationConfigurationReplicationConfigurationArgs { Rules = { rule } },
            },
            new CustomResourceOptions { Parent = this });
    }

    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html; a rule for any tag has to come last.
    private static string Lifecycle(int untaggedDays, int images) => new JsonObject
    {
        ["rules"] = new JsonArray(
            Rule(1, "What a failed push left behind", "untagged", "sinceImagePushed", untaggedDays, "days"),
            Rule(2, "The newest images", "any", "imageCountMoreThan", images, null)),
    }.ToJsonString();

    private static JsonObject Rule(int priority, string description, string tagStatus, string countType, int count, string? unit)
    {
        var selection = new JsonObject { ["tagStatus"] = tagStatus, ["countType"] = countType, ["countNumber"] = count };
        if (unit is not null)
            selection["countUnit"] = unit;
        return new JsonObject
        {
            ["rulePriority"] = priority,
            ["description"] = description,
            ["selection"] = selection,
            ["action"] = new JsonObject { ["type"] = "expire" },
        };
    }
}
