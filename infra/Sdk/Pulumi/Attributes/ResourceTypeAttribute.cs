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
