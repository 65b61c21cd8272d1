using System.Text.RegularExpressions;

namespace HaCluster.Sdk.Generator.Schema;

/// <summary>A provider package.</summary>
internal sealed class PackageSchema
{
    public string Name { get; set; } = "";

    /// <summary>The provider's version, sent with every registration and call.</summary>
    public string Version { get; set; } = "";

    /// <summary>Finds the module in the middle of a token.</summary>
#pragma warning disable RS0030 // A generator is compiled for .NET Standard, which has no GeneratedRegex.
    public Regex ModuleFormat { get; set; } = new("(.*)", RegexOptions.CultureInvariant);
#pragma warning restore RS0030

    /// <summary>Module to C# namespace, for those that are not simply capitalised.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// Kubernetes classes have a shape of their own: arguments in <c>Types.Inputs</c>, no nullable outputs, a base class.
    /// </summary>
    public bool IsKubernetes { get; set; }

    public ResourceSchema? Provider { get; set; }

    public IReadOnlyList<ResourceSchema> Resources { get; set; } = [];

    public IReadOnlyList<FunctionSchema> Functions { get; set; } = [];

    public IReadOnlyDictionary<string, ObjectSchema> Types { get; set; } = new Dictionary<string, ObjectSchema>();

    public IReadOnlyList<EnumSchema> Enums { get; set; } = [];
}
