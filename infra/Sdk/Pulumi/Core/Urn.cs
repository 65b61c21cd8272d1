using System.Diagnostics.CodeAnalysis;

namespace Pulumi;

/// <summary>The unique name of a resource: <c>urn:pulumi:{stack}::{project}::{parent type$}type::name</c>.</summary>
public readonly struct Urn : IEquatable<Urn>
{
    private readonly string _value;

    /// <exception cref="ArgumentException">It is empty.</exception>
    public Urn(string value)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentException("URN cannot be null or empty.", nameof(value));
        _value = value;
    }

    public static implicit operator string(Urn value) => value._value;

    public override string ToString() => _value;

    public bool Equals(Urn other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Urn other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(Urn left, Urn right) => left.Equals(right);

    public static bool operator !=(Urn left, Urn right) => !left.Equals(right);

    /// <summary>Computes the URN that a resource has, or had, from its parts.</summary>
    /// <exception cref="ArgumentException">Both a parent and a parent's URN are given.</exception>
    public static Output<string> Create(
        Input<string> name, Input<string> type,
        Resource? parent = null, Input<string>? parentUrn = null,
        Input<string>? project = null, Input<string>? stack = null)
    {
        if (parent is not null && parentUrn is not null)
            throw new ArgumentException("Only one of 'parent' and 'parentUrn' can be non-null.");

        var knownParent = parent is not null ? (Input<string>)parent.Urn : parentUrn;
        var prefix = knownParent is not null
            ? knownParent.Apply(urn => urn[..urn.LastIndexOf("::", StringComparison.Ordinal)] + "$")
            : Output.Format($"urn:pulumi:{stack ?? Deployment.Instance.StackName}::{project ?? Deployment.Instance.ProjectName}::");
        return Output.Format($"{prefix}{type}::{name}");
    }

    /// <summary>
    /// The URN that a child had under a parent's former name. A child named after its parent (<c>app-function</c> under <c>app</c>) was
    /// named after it then too.
    /// </summary>
    internal static Output<string> InheritedChildAlias(string childName, string parentName, Input<string> parentAlias, string childType)
    {
        var formerName = childName.StartsWith(parentName, StringComparison.Ordinal)
            ? parentAlias.Apply(urn => Name(urn) + childName[parentName.Length..])
            : Output.Create(childName);
        return Create(formerName, childType, parentUrn: parentAlias);
    }

    internal static string Name(string urn) => urn[(urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];

    /// <summary>The type without its parents'.</summary>
    internal static string Type(string urn) => urn.Split("::")[2].Split('$')[^1];
}
