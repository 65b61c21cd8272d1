using Pulumi;

namespace HaCluster.WireTwin;

/// <summary>An enum of strings, shaped as the official generator shapes them.</summary>
[EnumType]
internal readonly struct Level : IEquatable<Level>
{
    private readonly string _value;

    private Level(string value) => _value = value;

    public static Level High { get; } = new("high");

    public static explicit operator string(Level level) => level._value;

    public bool Equals(Level other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Level other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _value;
}
