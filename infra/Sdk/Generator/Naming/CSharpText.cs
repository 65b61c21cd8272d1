using Microsoft.CodeAnalysis.CSharp;

namespace HaCluster.Sdk.Generator.Naming;

/// <summary>Text as C# source.</summary>
internal static class CSharpText
{
    /// <summary>A string literal with its quotes.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
