namespace Pulumi;

/// <summary>Marks a class that objects from the engine become.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputTypeAttribute : Attribute;
