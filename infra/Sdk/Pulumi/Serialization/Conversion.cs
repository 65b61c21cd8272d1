namespace Pulumi.Serialization;

/// <summary>A value in its new type, or what is wrong with it.</summary>
internal readonly record struct Conversion(object? Value, string? Error = null);
