using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Generator.Tests.Driver;

/// <summary>A schema file that exists only in memory.</summary>
internal sealed class SchemaText(string text, string path = "schema.json") : AdditionalText
{
    private readonly SourceText _text = SourceText.From(text, Encoding.UTF8);

    public override string Path { get; } = path;

    public static ImmutableArray<AdditionalText> Single(string text, string path = "schema.json") => [new SchemaText(text, path)];

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
