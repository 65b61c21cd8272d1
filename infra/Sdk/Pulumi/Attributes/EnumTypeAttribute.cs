namespace Pulumi;

/// <summary>
/// Marks a struct that is an enumeration of strings or doubles: it has a constructor from the value and an explicit conversion back.
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class EnumTypeAttribute : Attribute;
