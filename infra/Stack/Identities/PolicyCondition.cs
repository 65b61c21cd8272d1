using System.Collections.Immutable;

namespace HaCluster.Stack.Identities;

/// <summary>A condition of a policy statement: <c>Operator: { Key: one of Values }</c>.</summary>
public sealed record PolicyCondition(string Operator, string Key, ImmutableArray<string> Values)
{
    public static PolicyCondition Is(string key, string value) => new("StringEquals", key, [value]);

    public static PolicyCondition IsTrue(string key) => new("Bool", key, ["true"]);
}
