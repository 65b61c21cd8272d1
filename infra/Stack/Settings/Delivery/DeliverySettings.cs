using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Image repositories, build runners, access of pipelines (<c>ha-cluster:delivery</c>).</summary>
public sealed record DeliverySettings
{
    /// <summary>Images of this product; their repositories are always there.</summary>
    public static readonly ImmutableArray<string> Products = ["ledger", "payments", "sentinel"];

    public required bool IsEnabled { get; init; }

    /// <summary>Names without the cluster's in front, in ordinal order.</summary>
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>Images kept in each repository.</summary>
    public required int KeepImages { get; init; }

    /// <summary>Days that an image without a tag is kept: what a failed push left behind.</summary>
    public required int KeepUntaggedDays { get; init; }

    /// <summary>Regions that every image is copied to.</summary>
    public required ImmutableArray<string> CopyTo { get; init; }

    public required GitLabSettings GitLab { get; init; }

    public required RunnerSettings Runner { get; init; }

    /// <summary>Where pipelines may roll images out, in ordinal order of name.</summary>
    public required ImmutableArray<EnvironmentSettings> Environments { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        if (!IsEnabled)
            yield break;

        if (GitLab.RunnerSecret.Length == 0)
        {
            yield return "ha-cluster:delivery.gitlab.runnerSecret is empty; no GitLab runner is installed: create a runner in GitLab, put its token into AWS "
                + "Secrets Manager as {\"token\": \"glrt-...\"} and name that secret here";
        }
        else if (Runner.Replicas == 1)
        {
            yield return "ha-cluster:delivery.runner.replicas is 1; builds stop while its node is replaced or its zone is lost";
        }

        if (GitLab.Projects.IsEmpty)
            yield return "ha-cluster:delivery.gitlab.projects is empty; no pipeline can push images or deploy them: list the projects that may";
        else if (Environments.IsEmpty)
            yield return "ha-cluster:delivery.environments is empty; pipelines can push images but not deploy them";

        if (!CopyTo.IsEmpty)
        {
            yield return $"ha-cluster:delivery.copyTo is {string.Join(", ", CopyTo)}; an account has one replication rule per region, and this replaces the one that "
                + "exists. The copies are in repositories with the defaults of the other region: their tags can be overwritten unless that region has a template";
        }
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static DeliverySettings Read(SettingsReader reader, int zones)
    {
        var gitLab = GitLabSettings.Read(reader.Object("gitlab", "The GitLab instance with your code, and which of its pipelines are trusted."));
        var settings = new DeliverySettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether to create image repositories, build runners and roles for pipelines.", true),
            Repositories = ReadRepositories(reader),
            KeepImages = reader.Int32(
                "keepImages",
                "Images that are kept in each repository.",
                100, 10, 10_000, "a rollback needs older images, and each costs storage: choose a number from 10 to 10000"),
            KeepUntaggedDays = reader.Int32(
                "keepUntaggedDays",
                "Days that an untagged image is kept, such as the remains of a failed push.",
                7, 1, 365),
            CopyTo = ReadRegions(reader),
            GitLab = gitLab,
            Runner = RunnerSettings.Read(reader.Object("runner", "Capacity for builds. All jobs together must fit ha-cluster:quotas.delivery.")),
            Environments = ReadEnvironments(reader.Object("environments", "Environments that pipelines may deploy to, by name; each gets an IAM role CLUSTER-deploy-NAME."), gitLab),
        };
        reader.Close();
        return settings;
    }

    /// <summary>Checks that need other settings.</summary>
    /// <param name="reader">Reader of <c>ha-cluster:delivery</c>.</param>
    /// <param name="region">Region of the cluster.</param>
    /// <param name="namespaces">All namespaces with their final quotas.</param>
    public void Check(SettingsReader reader, string region, ImmutableArray<NamespaceProfile> namespaces)
    {
        if (!IsEnabled)
            return;

        if (CopyTo.Contains(region))
            reader.Problems.Add(reader.PathOf("copyTo"), SettingsReader.Shown(region), "it is the cluster's own region, where the repositories already are: choose another region");

        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html#replication-considerations
        foreach (var other in CopyTo.Where(other => AwsPartition.Of(other) != AwsPartition.Of(region)))
        {
            reader.Problems.Add(
                reader.PathOf("copyTo"),
                SettingsReader.Shown(other),
                $"it is in the partition {AwsPartition.Of(other)} and {region} in {AwsPartition.Of(region)}: ECR copies within a partition only, so choose a region of the same one");
        }

        var names = namespaces.Select(profile => profile.Name).ToHashSet(StringComparer.Ordinal);
        var rulers = namespaces.Where(MayChangeCluster).Select(profile => profile.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var environment in Environments)
        {
            foreach (var name in environment.Namespaces.Where(name => !names.Contains(name) || rulers.Contains(name)))
            {
                reader.Problems.Add(
                    $"{reader.PathOf("environments")}.{environment.Name}.namespaces",
                    SettingsReader.Shown(name),
                    names.Contains(name)
                        ? "its pods may change the whole cluster, and so could anyone who deploys an image there: remove it"
                        : $"the cluster has no such namespace; it has {string.Join(", ", names.Except(rulers).Order(StringComparer.Ordinal))}: "
                            + "declare it under ha-cluster:namespaces or ha-cluster:sites, or choose one of these");
            }
        }

        if (GitLab.RunnerSecret.Length > 0)
            Runner.Check(reader.Object("runner"), namespaces.Single(profile => profile.Name == ClusterNamespaces.Delivery).Quota);
    }

    // Controllers with permissions for everything, or pods with access to their node: anyone who deploys an image there controls all other namespaces.
    private static bool MayChangeCluster(NamespaceProfile profile) =>
        profile.Name == ClusterNamespaces.Platform || profile.PodSecurity == PodSecurity.Privileged;

    private static ImmutableArray<string> ReadRepositories(SettingsReader reader)
    {
        var names = new SortedSet<string>(Products, StringComparer.Ordinal);
        foreach (var name in reader.TextList("repositories", "Your own repositories, CLUSTER/NAME in ECR: tags are immutable, images are scanned.", [], Shapes.Repository))
        {
            if (!names.Add(name))
                reader.Problems.Add(reader.PathOf("repositories"), SettingsReader.Shown(name), "the program creates this repository itself: remove it");
        }

        return [.. names];
    }

    private static ImmutableArray<string> ReadRegions(SettingsReader reader)
    {
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
        const int MaxDestinations = 25;
        var regions = reader.TextList(
            "copyTo",
            "Regions that every image is copied to, of the cluster's own partition. It replaces the account's own rule, of which there is one per region.",
            [],
            Shapes.Region,
            "eu-west-1");
        if (regions.Length > MaxDestinations)
            reader.Problems.Add(reader.PathOf("copyTo"), $"{regions.Length} regions", $"a registry copies to at most {MaxDestinations} regions: remove some");
        return [.. regions.Order(StringComparer.Ordinal)];
    }

    private static ImmutableArray<EnvironmentSettings> ReadEnvironments(SettingsReader reader, GitLabSettings gitLab)
    {
        var environments = reader.Entries("ENVIRONMENT", Shapes.EnvironmentName).Select(name => EnvironmentSettings.Read(reader, name, gitLab)).ToImmutableArray();
        if (!environments.IsEmpty && gitLab.Projects.IsEmpty)
            reader.Problems.Add(reader.PathOf(environments[0].Name), "trusts no pipeline, because ha-cluster:delivery.gitlab.projects is empty: list the projects that may deploy");
        return environments;
    }
}
