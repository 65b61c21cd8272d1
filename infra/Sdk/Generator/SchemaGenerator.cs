using System.Text;
using HaCluster.Sdk.Generator.Emit;
using HaCluster.Sdk.Generator.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Sdk.Generator;

/// <summary>Makes the classes of a provider package from the <c>schema.json</c> among the project's additional files.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class SchemaGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var schemas = context.AdditionalTextsProvider.Where(file => Path.GetFileName(file.Path) == "schema.json");
        context.RegisterSourceOutput(schemas, Generate);
    }

    private static void Generate(SourceProductionContext context, AdditionalText file)
    {
        if (file.GetText(context.CancellationToken) is not { } text)
            return;

        try
        {
            foreach (var source in PackageEmitter.Emit(SchemaReader.Read(text.ToString())))
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                context.AddSource(source.Key, SourceText.From(source.Value, Encoding.UTF8));
            }
        }
        catch (SchemaException mistake)
        {
            var position = mistake.Position;
            var location = Location.Create(file.Path, new TextSpan(text.Lines[position.Line].Start + position.Character, 1), new LinePositionSpan(position, position));
            context.ReportDiagnostic(Diagnostic.Create(mistake.Descriptor, location, mistake.Message));
        }
    }
}
