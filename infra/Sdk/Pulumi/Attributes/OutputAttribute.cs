namespace Pulumi;

/// <summary>Marks a property of a resource that the engine fills, or of a stack or component that is its output.</summary>
/// <param name="name">The name on the wire; the property's own if none is given.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}
