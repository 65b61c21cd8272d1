using Microsoft.CodeAnalysis;

namespace HaCluster.Sdk.Generator;

/// <summary>What can be wrong with a schema file.</summary>
internal static class SchemaDiagnostics
{
    public static readonly DiagnosticDescriptor NotJson = Error("HASDK001", "The schema is not JSON");

    public static readonly DiagnosticDescriptor Malformed = Error("HASDK002", "The schema is not a package schema");

    public static readonly DiagnosticDescriptor UnknownType = Error("HASDK003", "A type the schema names does not exist in it");

    public static readonly DiagnosticDescriptor NameCollision = Error("HASDK004", "Two things would have the same C# name");

    private static DiagnosticDescriptor Error(string id, string title)
        => new(id, title, "{0}", "HaCluster.Sdk", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
