using System.Buffers;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Policies.Secrets;

/// <summary>Secrets that are recognised by their form.</summary>
/// <remarks>The forms are those of https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml, for what is likely in such a program.</remarks>
internal static partial class SecretShapes
{
    // Every form contains one of these, so most texts need only one scan.
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        [
            "PRIVATE KEY", "AKIA", "ASIA", "eyJ", "hooks.slack.com/", "xox", "xapp-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "glrt-",
            "AIza", "sk_live_", "://",
        ],
        StringComparison.Ordinal);

    private static readonly (string Kind, Regex Form)[] Forms =
    [
        ("a private key", PrivateKey()),
        ("an AWS access key", AwsAccessKey()),
        ("a JSON web token", JsonWebToken()),
        ("a Slack webhook", SlackWebhook()),
        ("a Slack token", SlackToken()),
        ("a GitHub token", GitHubToken()),
        ("a GitLab token", GitLabToken()),
        ("a Google API key", GoogleKey()),
        ("a Stripe key", StripeKey()),
        ("a URL with a password", UrlWithPassword()),
    ];

    /// <summary>The kind of secret in the text, with an article; null when none is found.</summary>
    public static string? Find(string text) => text.AsSpan().ContainsAny(Marks)
        ? Forms.Where(form => form.Form.IsMatch(text)).Select(form => form.Kind).FirstOrDefault()
        : null;

    [GeneratedRegex("-----BEGIN ([A-Z]+ )*PRIVATE KEY( BLOCK)?-----")]
    private static partial Regex PrivateKey();

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    [GeneratedRegex(@"\b(AKIA|ASIA)[A-Z0-9]{16}\b")]
    private static partial Regex AwsAccessKey();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"hooks\.slack\.com/(services|workflows|triggers)/[A-Za-z0-9_/]{20,}")]
    private static partial Regex SlackWebhook();

    [GeneratedRegex(@"\b(xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,})")]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"\b(gh[ops]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})")]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"\bgl(pat|rt)-[A-Za-z0-9_-]{20,}")]
    private static partial Regex GitLabToken();

    [GeneratedRegex(@"\bAIza[A-Za-z0-9_-]{35}\b")]
    private static partial Regex GoogleKey();

    [GeneratedRegex(@"\bsk_live_[A-Za-z0-9]{20,}")]
    private static partial Regex StripeKey();

    // A variable in place of the password is not a secret.
    [GeneratedRegex(@"[a-z][a-z0-9+.-]{1,20}://[^\s/:@""']{1,80}:[^\s/:@""'$<{%]{3,120}@[A-Za-z0-9]")]
    private static partial Regex UrlWithPassword();
}
