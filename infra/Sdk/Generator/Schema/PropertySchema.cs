using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Sdk.Generator.Schema;

/// <summary>One property of a resource, nested type or function.</summary>
internal sealed class PropertySchema(string name, string csharpName, PropertyType type, LinePosition position)
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;

    public string CSharpName { get; } = csharpName;

    public PropertyType Type { get; } = type;

    public LinePosition Position { get; } = position;

    public bool IsRequired { get; set; }

    public bool IsSecret { get; set; }

    public bool ReplaceOnChanges { get; set; }

    /// <summary>Why the property should not be used any more; null if it may.</summary>
    public string? Deprecation { get; set; }

    /// <summary>The value, as a C# expression, that is always sent; null if the program chooses.</summary>
    public string? Constant { get; set; }

    /// <summary>The C# statement that sets what the arguments start with; null for nothing.</summary>
    public string? Default { get; set; }
}
