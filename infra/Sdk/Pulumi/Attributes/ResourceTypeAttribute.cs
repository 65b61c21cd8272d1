namespace Pulumi;

/// <summary>Says which resource type a class is for, so that references to such resources become instances of it.</summary>
/// <param name="type">Type token, <c>pkg:module:Name</c>.</param>
/// <param name="version">Version of the package, or null for any.</param>
[AttributeUsage(AttributeTargets.Class)]
public class ResourceTypeAttribute(string type, string? version) : Attribute
{
    public string Type { get; } = type;

    public string? Version { get; } = version;
}

/// <summary>Marks a class that objects from the engine become.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputTypeAttribute : Attribute;

/// <summary>
/// Marks a struct that is an enumeration of strings or doubles: it has a constructor from the value and an explicit conversion back.
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class EnumTypeAttribute : Attribute;

/// <summary>
/// Marks the constructor of an <see cref="OutputTypeAttribute">output type</see>; its parameters are named as on the wire.
/// </summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class OutputConstructorAttribute : Attribute;

/// <summary>Gives the name on the wire of a constructor parameter that cannot have it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OutputConstructorParameterAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
