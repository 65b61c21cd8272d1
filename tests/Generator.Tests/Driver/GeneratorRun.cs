using System.Reflection;
using HaCluster.Sdk.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HaCluster.Generator.Tests.Driver;

/// <summary>The generator run on one schema, its output compiled as the product's projects are: nullable, every warning shown.</summary>
internal sealed class GeneratorRun
{
    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "Pulumi.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private GeneratorRun(Compilation compilation, IReadOnlyList<Diagnostic> diagnostics)
    {
        Compilation = compilation;
        Diagnostics = diagnostics;
    }

    public Compilation Compilation { get; }

    /// <summary>What the generator itself had to say.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    public static GeneratorRun On(string schema, string source = "", string path = "schema.json")
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create("Generated", source.Length == 0 ? [] : [CSharpSyntaxTree.ParseText(source, parse)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new SchemaGenerator().AsSourceGenerator()], SchemaText.Single(schema, path), parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        return new GeneratorRun(output, diagnostics);
    }

    /// <summary>Loads the compiled classes; fails with every warning and error if there is one.</summary>
    public Assembly Load()
    {
        Assert.Empty(Diagnostics);
        using var image = new MemoryStream();
        var result = Compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
        return Assembly.Load(image.ToArray());
    }
}
