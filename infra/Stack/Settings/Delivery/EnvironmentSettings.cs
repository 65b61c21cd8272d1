using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Namespaces that pipelines may roll images out to, and the branches and tags whose pipelines may.</summary>
public sealed record EnvironmentSettings
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Namespaces { get; init; }

    /// <summary>As <see cref="GitLabSettings.Branches"/>.</summary>
    public required ImmutableArray<string> Branches { get; init; }

    /// <summary>As <see cref="GitLabSettings.Tags"/>.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <param name="environments">All environments.</param>
    /// <param name="name">The one to read.</param>
    /// <param name="gitLab">Its branches and tags are the defaults.</param>
    public static EnvironmentSettings Read(SettingsReader environments, string name, GitLabSettings gitLab)
    {
        var reader = environments.Object(name, "One environment: its namespaces, and the branches and tags that may deploy to them.");
        if (Shapes.EnvironmentName.Fault(name) is { } fault)
            environments.Problems.Add(environments.PathOf(name), $"is not a valid name of an environment; {fault}");

        var environment = new EnvironmentSettings
        {
            Name = name,
            Namespaces = reader.TextList("namespaces", "Namespaces of this environment.", [], Shapes.KubernetesName),
            Branches = GitRefs.Read(reader, "branches", "Protected branches whose pipelines may deploy here; * matches any part of a name.", gitLab.Branches),
            Tags = GitRefs.Read(reader, "tags", "Protected tags whose pipelines may deploy here; * matches any part of a name.", gitLab.Tags),
        };
        if (environment.Namespaces.IsEmpty)
            reader.Problems.Add(reader.PathOf("namespaces"), "is empty; list the namespaces of this environment, or remove the environment");
        if (environment.Branches.IsEmpty && environment.Tags.IsEmpty)
            reader.Problems.Add(reader.PathOf("branches"), "is empty, and so is tags; no pipeline could deploy here: list protected branches or tags, or remove the environment");
        reader.Close();
        return environment;
    }
}
