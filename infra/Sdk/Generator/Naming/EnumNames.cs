using System.Text.RegularExpressions;

namespace HaCluster.Sdk.Generator.Naming;

/// <summary>Names of enumeration members, by the rules of the official code generator.</summary>
internal static class EnumNames
{
    /// <param name="name">The name of the member or, without one, its value.</param>
    /// <param name="typeName">The C# name of the enumeration; begins names that would begin with an underscore.</param>
    public static string MemberName(string name, string typeName)
    {
        var valid = string.Concat(name.Select(c => IsPart(c) ? c : '_'));
        if (valid.Length == 0 || char.IsDigit(valid[0]))
            valid = $"_{valid}";

        var safe = Regex.Replace(Identifiers.Capitalise(valid), "_+", "_");
        if (safe[0] == '_')
            safe = typeName + safe;

        // The struct itself has an Equals.
        return safe == "Equals" ? "EqualsValue" : safe;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
