using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Sdk.Generator;

/// <summary>A mistake in the schema file; becomes a diagnostic at its place.</summary>
internal sealed class SchemaException(DiagnosticDescriptor descriptor, LinePosition position, string message) : Exception(message)
{
    public DiagnosticDescriptor Descriptor { get; } = descriptor;

    public LinePosition Position { get; } = position;
}
