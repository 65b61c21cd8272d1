using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Policies.Secrets;

/// <summary>Whether the name of a property, variable or option suggests a secret value.</summary>
internal static partial class SecretName
{
    private static readonly ImmutableArray<string> Passwords = ["password", "passwd", "passphrase", "pwd"];

    private static readonly ImmutableArray<string> Credentials =
        ["token", "secret", "credential", "credentials", "webhook", "apikey", "accesskey", "secretkey", "privatekey"];

    // Words that make a key a secret; other keys are names of entries.
    private static readonly ImmutableArray<string> Keys = ["api", "access", "secret", "private", "signing", "encryption", "auth", "account", "master"];

    /// <summary>Endings of such names. Checking these first is many times faster than splitting every name in every dashboard.</summary>
    public static readonly SearchValues<string> Endings = SearchValues.Create(
        ["password", "passwd", "passphrase", "pwd", "token", "secret", "credential", "webhook", "key"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The last word decides: <c>adminPassword</c> is a secret, <c>passwordFile</c> only points to one.</summary>
    public static bool IsOfPassword(string name) => Words(name) is [.., var last] && Passwords.Contains(last);

    /// <summary>Names that are also used for references, so the value must look like a secret too.</summary>
    public static bool IsOfCredential(string name) => Words(name) switch
    {
        [.., var before, "key"] => Keys.Contains(before),
        [.., var last] => Credentials.Contains(last),
        _ => false,
    };

    /// <summary><c>someAPIToken</c>, <c>SOME_API_TOKEN</c> and <c>some-api.token</c> have the same words.</summary>
    private static string[] Words(string name) =>
        !name.AsSpan().ContainsAny(Endings) ? [] : [.. Word().Matches(name).Select(match => match.Value.ToLowerInvariant())];

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Word();
}
