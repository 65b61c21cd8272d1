using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Planning.Policies.Network;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>
/// Whether a statement is public as AWS defines it: without a fixed principal it is public, unless a condition requires a fixed value of
/// a key that identifies the caller or its origin.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status.
/// A Deny statement does not offset an Allow statement: the condition belongs to the statement that grants the access.
/// </remarks>
internal static partial class PublicAccess
{
    // The page's list, and similar keys that AWS has added since: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
    // kms:CallerAccount: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account.
    private static readonly ImmutableHashSet<string> FixedKeys =
    [
        "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalservicename",
        "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:sourceorgid",
        "aws:vpceaccount", "aws:vpceorgid", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointaccount", "kms:calleraccount",
    ];

    // Paths in an organization end with a wildcard by design; what must be fixed is the organization.
    private static readonly ImmutableHashSet<string> OrganizationPaths = ["aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"];

    // Identity providers where anyone can have an account, and the token claims that identify the owner:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html. Other providers are assumed to be private,
    // and their audience identifies the client.
    private static readonly ImmutableArray<string> SharedProviders =
    [
        "token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com", "oidc.codefresh.io", "api.pulumi.com/oidc",
        "bitbucket.org",
    ];

    private static readonly ImmutableHashSet<string> SubjectClaims =
    [
        "sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "project_path", "project_id", "namespace_path", "namespace_id",
        "enterprise", "enterprise_id", "terraform_organization_id", "organization_id",
    ];

    private static readonly ImmutableHashSet<string> ClientClaims = ["aud", "oaud", "app_id", "azp", "sub", "user_id", "id"];

    private const string Oidc = ":oidc-provider/";

    /// <param name="isAccessPoint">Whether the policy is one of an S3 access point, where AWS counts one key less.</param>
    /// <returns>The predicate of a sentence about the statement; null when it allows named principals only.</returns>
    public static string? Of(Statement statement, bool isAccessPoint = false)
    {
        if (!statement.Allows)
            return null;
        if (statement.HasNotPrincipal)
            return Unless(statement, isAccessPoint, "allows everyone except those it names (NotPrincipal)");
        foreach (var principal in statement.Principals)
        {
            var found = principal.Kind switch
            {
                "Federated" => OfIdentities(statement, principal.Name, isAccessPoint),
                _ when !Wildcards.IsFixed(principal.Name) => Unless(statement, isAccessPoint, "allows everyone"),
                _ => null,
            };
            if (found is not null)
                return found;
        }

        return null;
    }

    private static string? Unless(Statement statement, bool isAccessPoint, string what)
    {
        var open = statement.Conditions.Select(condition => WhyOpen(condition, isAccessPoint)).ToList();
        return open.Contains(null) ? null : open.Count == 0 ? $"{what}, without a condition" : $"{what}: {string.Join("; ", open)}";
    }

    /// <summary>Why the condition does not restrict access; null when it does.</summary>
    private static string? WhyOpen(Condition condition, bool isAccessPoint)
    {
        var key = condition.Key.ToLowerInvariant();
        var isNetwork = key == "aws:sourceip";
        if (!isNetwork && !FixedKeys.Contains(key) && !OrganizationPaths.Contains(key) && key is not ("aws:userid" or "s3:dataaccesspointarn"))
            return $"{condition.Key} does not identify the caller";
        if (condition.HoldsWithoutKey)
            return $"{condition.Operator} also holds for requests without {condition.Key}";
        if (!condition.IsRequired)
            return $"{condition.Operator} {condition.Key} requires no value of it";
        if (isNetwork)
        {
            return condition.Values.FirstOrDefault(value => AddressRange.TryParse(value) is null) is { } unread ? $"{unread} is not a range of addresses"
                : AddressRanges.Broad(condition.Values) is { } broad ? $"{condition.Key} is most of the internet ({broad})"
                : null;
        }

        return condition.Values.FirstOrDefault(value => !IsFixed(key, value, isAccessPoint)) is { } open ? $"{condition.Key} {open} is not a fixed value" : null;
    }

    private static bool IsFixed(string key, string value, bool isAccessPoint) => key switch
    {
        "s3:dataaccesspointarn" => !isAccessPoint && AccessPointsOfAccount().IsMatch(value),
        // The page leaves out values of the form AROLEID:*, the sessions of a role.
        "aws:userid" => Wildcards.IsFixed(value) && !value.StartsWith("AROA", StringComparison.Ordinal),
        _ when OrganizationPaths.Contains(key) => Organization().IsMatch(Wildcards.FixedStart(value)),
        _ => Wildcards.IsFixed(value),
    };

    private static string? OfIdentities(Statement statement, string provider, bool isAccessPoint)
    {
        // A SAML provider is a private directory, declared in the account.
        if (provider.Contains(":saml-provider/", StringComparison.Ordinal))
            return null;
        var host = provider[(provider.IndexOf(Oidc, StringComparison.Ordinal) is >= 0 and var at ? at + Oidc.Length : 0)..];
        var hasSubjects = SharedProviders.Contains(host) || EksIssuer().IsMatch(host);
        var isBounded = statement.Conditions.Any(condition =>
            ClaimOf(condition, host) is { } claim
                && (SubjectClaims.Contains(claim) ? condition.Pins(IsOneOwner) : !hasSubjects && ClientClaims.Contains(claim) && condition.Pins(Wildcards.IsFixed)));
        if (isBounded || (!hasSubjects && statement.Conditions.Any(condition => WhyOpen(condition, isAccessPoint) is null)))
            return null;
        var demanded = hasSubjects ? $"{host}:sub" : $"{host}:aud or {host}:sub";
        return $"allows every identity of {host}: no condition requires a fixed {demanded}";
    }

    private static string? ClaimOf(Condition condition, string host) =>
        condition.Key.StartsWith(host + ":", StringComparison.OrdinalIgnoreCase) ? condition.Key[(host.Length + 1)..].ToLowerInvariant() : null;

    /// <summary>
    /// A subject may have a wildcard for the branch or the job, but not for the owner: <c>repo:acme/*</c> is one organization, <c>repo:acme*</c> begins the
    /// names of many, and <c>system:serviceaccount:*</c> is every pod.
    /// </summary>
    private static bool IsOneOwner(string subject) => Wildcards.IsFixed(subject) || OneOwner().IsMatch(Wildcards.FixedStart(subject));

    [GeneratedRegex(@"^(?>system:serviceaccount:|[a-z_]+:|)[^:/]+[:/]", RegexOptions.CultureInvariant)]
    private static partial Regex OneOwner();

    [GeneratedRegex(@"^oidc(-eks)?\.(eks\.)?[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws)/id/", RegexOptions.CultureInvariant)]
    private static partial Regex EksIssuer();

    [GeneratedRegex(@"^arn:[a-z-]+:s3:[^:]*:[0-9]{12}:accesspoint/", RegexOptions.CultureInvariant)]
    private static partial Regex AccessPointsOfAccount();

    [GeneratedRegex(@"^o-[a-z0-9]+/", RegexOptions.CultureInvariant)]
    private static partial Regex Organization();
}
