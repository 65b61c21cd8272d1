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
        var reader = environments.Object(name, "One environment: its namespaces, and who may roll out to them.");
        if (Shapes.EnvironmentName.Fault(name) is { } fault)
            environments.Problems.Add(environments.PathOf(name), $"is not a name for an environment; {fault}");

        var environment = new EnvironmentSettings
        {
            Name = name,
            Namespaces = reader.TextList("namespaces", "Namespaces that this environment is made of.", [], Shapes.KubernetesName),
            Branches = GitRefs.Read(reader, "branches", "Protected branches whose pipelines may roll out here; * matches any part.", gitLab.Branches),
            Tags = GitRefs.Read(reader, "tags", "Protected tags whose pipelines may roll out here; * matches any part.", gitLab.Tags),
        };
        if (environment.Namespaces.IsEmpty)
            reader.Problems.Add(reader.PathOf("namespaces"), "is empty; name the namespaces that this environment is made of, or drop the environment");
        if (environment.Branches.IsEmpty && environment.Tags.IsEmpty)
            reader.Problems.Add(reader.PathOf("branches"), "is empty, and so are the tags; no pipeline could roll out here: name protected branches or tags, or drop the environment");
        reader.Close();
        return environment;
    }
}
