using System.Text;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Policies.Secrets;

/// <summary>Looks for a secret in plain text, and describes it without repeating it.</summary>
internal static partial class ClearText
{
    // Names of base64 values, which are not searched.
    private static readonly string[] Encoded = ["userData", "userDataBase64"];

    /// <param name="name">Of the property, variable or file that holds the text.</param>
    /// <returns>The predicate of a sentence about the place of the text; null when nothing was found.</returns>
    public static string? Complaint(string name, string text)
    {
        if (SecretShapes.Find(text) is { } kind)
            return $"holds {kind} in plain text";
        if (SecretName.IsOfPassword(name) && SecretValue.IsLiteral(text))
            return "is named like a password and is in plain text";
        if (SecretName.IsOfCredential(name) && SecretValue.IsCredential(text))
            return "looks like a secret by its name and content, and is in plain text";
        if (Encoded.Contains(name) && Decode(text) is { } decoded)
            return Complaint("", decoded);
        return AssignedSecret(text) is { } assigned ? $"sets {assigned} in plain text" : null;
    }

    /// <summary>The first name in the text to which it assigns what looks like a secret.</summary>
    private static string? AssignedSecret(string text)
    {
        for (var at = text.AsSpan().IndexOfAny(SecretName.Endings); at >= 0; at = Next(text, at + 1))
        {
            if (Assignment().Match(text, at) is { Success: true } match && NameBefore(text, match) is { } name)
                return name;
        }

        return null;
    }

    private static int Next(string text, int from) => text.AsSpan(from).IndexOfAny(SecretName.Endings) is >= 0 and var next ? from + next : -1;

    /// <summary>The full name at a match, if its value looks like a secret.</summary>
    private static string? NameBefore(string text, Match match)
    {
        var word = match.Groups["word"];
        var start = word.Index;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
            start--;
        // Between colons it is part of an ARN; those of Secrets Manager contain the word "secret".
        if (start > 0 && text[start - 1] == ':')
            return null;
        var name = text[start..(word.Index + word.Length)].TrimStart('-', '.');
        var value = match.Groups["value"].Value;
        var isSecret = (SecretName.IsOfPassword(name) && SecretValue.IsPassword(value))
            || (SecretName.IsOfCredential(name) && SecretValue.IsCredential(value));
        return isSecret ? name : null;
    }

    private static string? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    // NAME = VALUE, NAME: VALUE, "NAME": "VALUE", --NAME=VALUE.
    [GeneratedRegex(
        @"\G(?<word>password|passwd|passphrase|pwd|token|secret|credentials?|webhook|key)[""']?[ \t]{0,8}[:=][ \t]{0,8}[""']?(?<value>[^\s""',;}\]]{8,})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
