using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Where the code lives, and which of its pipelines are trusted (<c>ha-cluster:delivery.gitlab</c>).</summary>
public sealed partial record GitLabSettings
{
    /// <summary>Address of the instance, without a slash at its end: the issuer of its tokens.</summary>
    public required string Url { get; init; }

    /// <summary>Name in AWS Secrets Manager of the runner's token, <c>{"token": "glrt-..."}</c>; empty without a runner.</summary>
    public required string RunnerSecret { get; init; }

    /// <summary>ARN of the instance's identity provider where the account has one already; empty makes it.</summary>
    public required string OidcProviderArn { get; init; }

    /// <summary>Full paths of the projects that may push images.</summary>
    public required ImmutableArray<string> Projects { get; init; }

    /// <summary>Branches whose pipelines may push images; <c>*</c> stands for any part. They have to be protected in GitLab.</summary>
    public required ImmutableArray<string> Branches { get; init; }

    /// <summary>The same for tags.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>The address as IAM writes it in conditions.</summary>
    public string Issuer => Url["https://".Length..];

    public static GitLabSettings Read(SettingsReader reader)
    {
        const string Public = "https://gitlab.com";
        var settings = new GitLabSettings
        {
            Url = reader.Text("url", Public),
            RunnerSecret = reader.Text("runnerSecret", ""),
            OidcProviderArn = reader.Text("oidcProviderArn", ""),
            Projects = ReadProjects(reader),
            Branches = GitRefs.Read(reader, "branches", ["main"]),
            Tags = GitRefs.Read(reader, "tags", ["v*"]),
        };
        if (!UrlShape().IsMatch(settings.Url))
        {
            reader.Problems.Add(reader.PathOf("url"), $"\"{settings.Url}\"", "the address of a GitLab looks like https://gitlab.example.com: HTTPS, no port, no slash at the end");
            settings = settings with { Url = Public };
        }

        Check(settings, reader);
        reader.Close();
        return settings;
    }

    private static void Check(GitLabSettings settings, SettingsReader reader)
    {
        var secret = settings.RunnerSecret;
        if (secret.StartsWith("glrt-", StringComparison.Ordinal) || secret.StartsWith("GR1348941", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("runnerSecret"), "is a token; settings are no place for one: revoke it, put a new one into AWS Secrets Manager and write the name of that secret here");
        else if (secret.Length > 0 && !SecretShape().IsMatch(secret))
            reader.Problems.Add(reader.PathOf("runnerSecret"), $"\"{secret}\"", "the name of a secret in AWS Secrets Manager has letters, digits and / _ + = . @ -");

        var provider = settings.OidcProviderArn;
        if (provider.Length > 0 && !ProviderShape().IsMatch(provider))
            reader.Problems.Add(reader.PathOf("oidcProviderArn"), $"\"{provider}\"", "it looks like arn:aws:iam::123456789012:oidc-provider/gitlab.com");
        else if (provider.Length > 0 && !provider.EndsWith($"/{settings.Issuer}", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("oidcProviderArn"), $"\"{provider}\"", $"it is the provider of another instance than {reader.PathOf("url")}, which is {settings.Url}");

        if (!settings.Projects.IsEmpty && settings.Branches.IsEmpty && settings.Tags.IsEmpty)
            reader.Problems.Add(reader.PathOf("branches"), "is empty, and so are the tags; no pipeline could push: name protected branches or tags");
    }

    private static ImmutableArray<string> ReadProjects(SettingsReader reader)
    {
        var projects = ImmutableArray.CreateBuilder<string>();
        foreach (var (project, index) in reader.TextList("projects", []).Select((project, index) => (project, index)))
        {
            var fault =
                !ProjectShape().IsMatch(project) ? "the path of a project looks like group/project or group/subgroup/project: no address in front, no * in it"
                : projects.Contains(project) ? "the project is in the list already"
                : null;
            if (fault is null)
                projects.Add(project);
            else
                reader.Problems.Add($"{reader.PathOf("projects")}[{index}]", $"\"{project}\"", fault);
        }

        return projects.ToImmutable();
    }

    [GeneratedRegex("^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/[A-Za-z0-9_-]+)*$")]
    private static partial Regex UrlShape();

    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    [GeneratedRegex("^[A-Za-z0-9/_+=.@-]{1,512}$")]
    private static partial Regex SecretShape();

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/.+$")]
    private static partial Regex ProviderShape();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$")]
    private static partial Regex ProjectShape();
}
