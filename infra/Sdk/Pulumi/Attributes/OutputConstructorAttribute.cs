namespace Pulumi;

/// <summary>
/// Marks the constructor of an <see cref="OutputTypeAttribute">output type</see>; its parameters are named as on the wire.
/// </summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class OutputConstructorAttribute : Attribute;
