using System.Text.RegularExpressions;

namespace HaCluster.Sdk.Generator.Naming;

/// <summary>Names of enumeration members, by the rules of the official code generator.</summary>
internal static class EnumNames
{
#pragma warning disable RS0030 // A generator is compiled for .NET Standard, which has no GeneratedRegex.
    private static readonly Regex Underscores = new("_+", RegexOptions.CultureInvariant);
#pragma warning restore RS0030

    /// <param name="name">The name of the member or, without one, its value.</param>
    /// <param name="typeName">The C# name of the enumeration; begins names that would begin with an underscore.</param>
    public static string MemberName(string name, string typeName)
    {
        var valid = string.Concat(name.Select(c => IsPart(c) ? c : '_'));
        if (valid.Length == 0 || char.IsDigit(valid[0]))
            valid = $"_{valid}";

        var safe = Underscores.Replace(Identifiers.Capitalise(valid), "_");
        if (safe[0] == '_')
            safe = typeName + safe;

        // The struct itself has an Equals.
        return safe == "Equals" ? "EqualsValue" : safe;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
