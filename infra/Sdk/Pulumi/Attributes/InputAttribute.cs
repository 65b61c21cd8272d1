namespace Pulumi;

/// <summary>Marks a field or property of arguments that is sent to the engine.</summary>
/// <param name="name">The name on the wire.</param>
/// <param name="required">Whether leaving it out is an error.</param>
/// <param name="json">Whether it is sent as JSON text.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class InputAttribute(string name, bool required = false, bool json = false) : Attribute
{
    internal string Name { get; } = name;

    internal bool IsRequired { get; } = required;

    internal bool Json { get; } = json;
}

/// <summary>Marks a property of a resource that the engine fills, or of a stack or component that is its output.</summary>
/// <param name="name">The name on the wire; the property's own if none is given.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}
