using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Namespaces that pipelines may roll images out to, and the branches and tags whose pipelines may.</summary>
public sealed partial record EnvironmentSettings
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
        var reader = environments.Object(name);
        if (!NameShape().IsMatch(name))
            environments.Problems.Add(environments.PathOf(name), "is not a name for an environment; it goes into the name of a role: use lower-case letters, digits and dashes, a letter first, 17 at most");

        var environment = new EnvironmentSettings
        {
            Name = name,
            Namespaces = [.. reader.TextList("namespaces", []).Distinct(StringComparer.Ordinal)],
            Branches = GitRefs.Read(reader, "branches", gitLab.Branches),
            Tags = GitRefs.Read(reader, "tags", gitLab.Tags),
        };
        if (environment.Namespaces.IsEmpty)
            reader.Problems.Add(reader.PathOf("namespaces"), "is empty; name the namespaces that this environment is made of, or drop the environment");
        if (environment.Branches.IsEmpty && environment.Tags.IsEmpty)
            reader.Problems.Add(reader.PathOf("branches"), "is empty, and so are the tags; no pipeline could roll out here: name protected branches or tags, or drop the environment");
        reader.Close();
        return environment;
    }

    // An IAM role takes 24 characters behind the name of the cluster, "deploy-" among them.
    [GeneratedRegex("^[a-z][a-z0-9-]{0,15}[a-z0-9]$")]
    private static partial Regex NameShape();
}
