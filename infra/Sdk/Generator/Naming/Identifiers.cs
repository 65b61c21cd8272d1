using Microsoft.CodeAnalysis.CSharp;

namespace HaCluster.Sdk.Generator.Naming;

/// <summary>Wire names as C# identifiers, by the rules of the official code generator.</summary>
internal static class Identifiers
{
    /// <summary><c>cidrBlock</c> to <c>CidrBlock</c>; hyphens go and the letter after each becomes a capital.</summary>
    public static string PropertyName(string wireName) => Capitalise(WithoutHyphens(wireName.TrimStart('$')));

    /// <summary>The wire name as a parameter: the SDK matches constructor parameters with the wire by it.</summary>
    public static string ParameterName(string wireName)
    {
        var name = WithoutHyphens(wireName.TrimStart('$'));
        return SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : $"@{name}";
    }

    public static string FieldName(string wireName) => $"_{WithoutHyphens(wireName.TrimStart('$'))}";

    public static string Capitalise(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text.Substring(1);

    public static string WithoutHyphens(string text)
    {
        var parts = text.Split('-');
        return parts[0] + string.Concat(parts.Skip(1).Select(Capitalise));
    }
}

/// <summary>Text as C# source.</summary>
internal static class CSharpText
{
    /// <summary>A string literal with its quotes.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
