using System.Text.RegularExpressions;

namespace HaCluster.Planning.Policies.Secrets;

/// <summary>Whether a value looks like the secret itself, rather than a name of it or the way to it.</summary>
internal static partial class SecretValue
{
    private const int ShortestPassword = 8;
    private const int ShortestCredential = 16;

    // Bits per letter. Names and English words stay below 3 for such lengths; random hexadecimal digits come to 3.5,
    // base64 to more. A rule of thumb.
    private const double MinEntropy = 3.0;

    /// <summary>For a value named like a password: anything that is not evidently a reference.</summary>
    public static bool IsLiteral(string value) => value.Length > 0 && !IsReference(value);

    /// <summary>For a password within other text.</summary>
    public static bool IsPassword(string value) =>
        value.Length >= ShortestPassword && !IsReference(value) && value.Any(char.IsAsciiDigit) && Entropy(value) >= MinEntropy;

    /// <summary>For tokens and keys: long, without separators, more random than names.</summary>
    public static bool IsCredential(string value) =>
        value.Length >= ShortestCredential && !IsReference(value) && OnePiece().IsMatch(value)
        && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter) && Entropy(value) >= MinEntropy
        && (!ObjectName().IsMatch(value) || Uuid().IsMatch(value)) && !EthereumAddress().IsMatch(value);

    /// <summary>A path, a URL, an ARN, a variable or a template.</summary>
    private static bool IsReference(string value) =>
        value[0] is '/' or '$' or '<' or '{' or '%' or '.' or '~' or '@' || value.StartsWith("arn:", StringComparison.Ordinal)
        || value.Contains("://", StringComparison.Ordinal) || value.Contains("{{", StringComparison.Ordinal)
        || value.Contains("${", StringComparison.Ordinal);

    /// <summary>Shannon entropy in bits per letter.</summary>
    private static double Entropy(string value) =>
        value.CountBy(letter => letter).Select(count => (double)count.Value / value.Length).Sum(share => -share * Math.Log2(share));

    [GeneratedRegex(@"^[A-Za-z0-9+/=_.~!-]+\z")]
    private static partial Regex OnePiece();

    // The form of Kubernetes names: words and numbers separated by dashes or dots.
    [GeneratedRegex(@"^[a-z0-9]+([.-][a-z0-9]+)+\z")]
    private static partial Regex ObjectName();

    // Public, as the contract of a token is; a private key has 64 digits.
    [GeneratedRegex(@"^0x[0-9a-fA-F]{40}\z")]
    private static partial Regex EthereumAddress();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();
}
