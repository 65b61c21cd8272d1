using System.Collections.Immutable;
using HaCluster.Wire;

namespace HaCluster.Engine.Values;

/// <summary>One value of a resource's inputs or outputs, as it crossed the wire: JSON plus secrets, unknowns, references and assets.</summary>
public abstract record PropertyValue
{
    private PropertyValue() { }

    public sealed record Null : PropertyValue
    {
        public static readonly Null Instance = new();
    }

    public sealed record Bool(bool Value) : PropertyValue;

    public sealed record Number(double Value) : PropertyValue;

    public sealed record Text(string Value) : PropertyValue;

    public sealed record List(ImmutableArray<PropertyValue> Items) : PropertyValue
    {
        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        public override int GetHashCode() => Items.Length;
    }

    /// <summary>An object; its keys keep ordinal order, so that equal values print equally.</summary>
    public sealed record Map(ImmutableSortedDictionary<string, PropertyValue> Entries) : PropertyValue
    {
        public bool Equals(Map? other) => other is not null && Entries.SequenceEqual(other.Entries);

        public override int GetHashCode() => Entries.Count;
    }

    /// <summary>A value that must not be shown. May wrap anything, also <see cref="Unknown"/>.</summary>
    public sealed record Secret(PropertyValue Inner) : PropertyValue;

    /// <summary>A value that is known only during the deployment.</summary>
    public sealed record Unknown : PropertyValue
    {
        public static readonly Unknown Instance = new();
    }

    /// <summary>An output value: known or not, secret or not, with the URNs it depends on.</summary>
    public sealed record Output(PropertyValue? Inner, bool IsSecret, ImmutableArray<string> Dependencies) : PropertyValue
    {
        public bool Equals(Output? other) => other is not null && Equals(Inner, other.Inner) && IsSecret == other.IsSecret
            && Dependencies.AsSpan().SequenceEqual(other.Dependencies.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Inner, IsSecret);
    }

    /// <summary>A resource passed as a value; <paramref name="Id"/> is null for components and empty while unknown.</summary>
    public sealed record Reference(string Urn, string? Id) : PropertyValue;

    /// <summary>A file, a text or a remote file: <paramref name="Kind"/> is <c>path</c>, <c>text</c> or <c>uri</c>.</summary>
    public sealed record Asset(string Kind, string Value) : PropertyValue;

    /// <summary>An archive: a <c>path</c> or <c>uri</c>, or a set of named assets and archives.</summary>
    public sealed record Archive(string Kind, string? Value, ImmutableSortedDictionary<string, PropertyValue>? Assets) : PropertyValue
    {
        public bool Equals(Archive? other) => other is not null && Kind == other.Kind && Value == other.Value
            && (Assets is null ? other.Assets is null : other.Assets is not null && Assets.SequenceEqual(other.Assets));

        public override int GetHashCode() => HashCode.Combine(Kind, Value, Assets?.Count);
    }
}

/// <summary>Recognises the strings that represent unknown values.</summary>
internal static class Unknowns
{
    /// <summary>True for every sentinel that a peer may send: there is one per type of the unknown value.</summary>
    public static bool IsSentinel(string text) => text.Length == UnknownSentinels.String.Length && text is UnknownSentinels.String
        or UnknownSentinels.Boolean or UnknownSentinels.Number or UnknownSentinels.Array
        or UnknownSentinels.Asset or UnknownSentinels.Archive or UnknownSentinels.Object;
}
