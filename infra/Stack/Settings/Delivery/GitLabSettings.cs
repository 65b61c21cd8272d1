using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Where the code lives, and which of its pipelines are trusted (<c>ha-cluster:delivery.gitlab</c>).</summary>
public sealed record GitLabSettings
{
    /// <summary>Address of the instance, without a slash at its end: the issuer of its tokens.</summary>
    public required string Url { get; init; }

    /// <summary>Name in AWS Secrets Manager of the runner's token, <c>{"token": "glrt-..."}</c>; empty without a runner.</summary>
    public required string RunnerSecret { get; init; }

    /// <summary>ARN of the instance's identity provider where the account has one already; empty makes it.</summary>
    public required string OidcProviderArn { get; init; }

    /// <summary>Full paths of the projects that may push images.</summary>
    public required ImmutableArray<string> Projects { get; init; }

    /// <summary>Branches whose pipelines may push images; <c>*</c> matches any part. They must be protected in GitLab.</summary>
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
            Url = reader.Text("url", "Address of the GitLab instance, the issuer of its tokens.", Public, Shapes.GitLabAddress),
            RunnerSecret = reader.Text(
                "runnerSecret",
                "Name of a secret in AWS Secrets Manager that holds the token of a runner: {\"token\": \"glrt-...\"}. Empty: no runner.",
                "", example: "my-cluster/gitlab-runner"),
            OidcProviderArn = reader.Text(
                "oidcProviderArn",
                "ARN of the identity provider for this GitLab, if the account has one already; an account allows only one.",
                "", Shapes.IdentityProviderArn),
            Projects = reader.TextList("projects", "Full paths of the projects whose pipelines may push images.", [], Shapes.GitLabProject),
            Branches = GitRefs.Read(reader, "branches", "Protected branches whose pipelines may push images; * matches any part of a name.", ["main"]),
            Tags = GitRefs.Read(reader, "tags", "Protected tags whose pipelines may push images; * matches any part of a name.", ["v*"]),
        };
        Check(settings, reader);
        reader.Close();
        return settings;
    }

    private static void Check(GitLabSettings settings, SettingsReader reader)
    {
        var secret = settings.RunnerSecret;
        if (secret.StartsWith("glrt-", StringComparison.Ordinal) || secret.StartsWith("GR1348941", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("runnerSecret"), "contains a token, and settings are not secret: revoke it, store a new one in AWS Secrets Manager and write the name of that secret here");
        else if (secret.Length > 0 && Shapes.SecretName.Fault(secret) is { } fault)
            reader.Problems.Add(reader.PathOf("runnerSecret"), SettingsReader.Shown(secret), fault);

        var provider = settings.OidcProviderArn;
        if (provider.Length > 0 && !provider.EndsWith($"/{settings.Issuer}", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("oidcProviderArn"), SettingsReader.Shown(provider), $"it belongs to another GitLab instance; {reader.PathOf("url")} is {settings.Url}: use the provider of that instance");

        if (!settings.Projects.IsEmpty && settings.Branches.IsEmpty && settings.Tags.IsEmpty)
            reader.Problems.Add(reader.PathOf("branches"), "is empty, and so is tags; no pipeline could push: list protected branches or tags");
    }
}

/// <summary>Reads lists of branches and tags that a role of AWS trusts.</summary>
public static class GitRefs
{
    /// <summary>Names in which <c>*</c> matches any part; one that would match everything is refused.</summary>
    public static ImmutableArray<string> Read(SettingsReader reader, string name, string about, ImmutableArray<string> fallback) =>
        reader.TextList(name, about, fallback, Shapes.GitRef, name == "tags" ? "v*" : "main");
}
