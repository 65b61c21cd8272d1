using System.Collections.Immutable;

namespace HaCluster.Stack.Identities;

/// <summary>A condition of a policy statement: <c>Operator: { Key: one of Values }</c>.</summary>
public sealed record PolicyCondition(string Operator, string Key, ImmutableArray<string> Values)
{
    public static PolicyCondition Is(string key, string value) => new("StringEquals", key, [value]);

    /// <summary>As <see cref="Is"/>, where not every request carries the key.</summary>
    public static PolicyCondition IsIfPresent(string key, string value) => new("StringEqualsIfExists", key, [value]);

    public static PolicyCondition IsMissing(string key) => new("Null", key, ["true"]);

    /// <summary>As <see cref="Is"/>, for ARNs; <c>*</c> matches any part.</summary>
    public static PolicyCondition IsArn(string key, string arn) => new("ArnLike", key, [arn]);

    /// <summary>None of these ARNs, without wildcards: for a refusal with exceptions.</summary>
    public static PolicyCondition IsNoneOfArns(string key, params ImmutableArray<string> arns) => new("ArnNotEquals", key, arns);

    public static PolicyCondition IsTrue(string key) => new("Bool", key, ["true"]);

    public static PolicyCondition IsFalse(string key) => new("Bool", key, ["false"]);
}
