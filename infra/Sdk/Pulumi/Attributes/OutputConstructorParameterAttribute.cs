namespace Pulumi;

/// <summary>Gives the name on the wire of a constructor parameter that cannot have it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OutputConstructorParameterAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
