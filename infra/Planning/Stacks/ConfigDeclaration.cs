namespace HaCluster.Planning.Stacks;

/// <summary>One entry of <c>config:</c> in <c>Pulumi.yaml</c>: what a stack may set, of which type, and what holds when it does not.</summary>
/// <param name="Key">The full key, <c>project:name</c>.</param>
/// <param name="Type">Null when the entry declares none.</param>
/// <param name="IsSecret">The stack file must hold it encrypted.</param>
/// <param name="Value">The default (or, for keys of other namespaces, the value); null when a stack must set it.</param>
public sealed record ConfigDeclaration(string Key, ConfigType? Type, bool IsSecret, ConfigValue? Value);
