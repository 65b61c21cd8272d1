using Pulumi;

namespace HaCluster.WireTwin;

/// <summary>An enum of numbers.</summary>
[EnumType]
internal readonly struct Weight : IEquatable<Weight>
{
    private readonly double _value;

    private Weight(double value) => _value = value;

    public static Weight Half { get; } = new(0.5);

    public static explicit operator double(Weight weight) => weight._value;

    public bool Equals(Weight other) => _value.Equals(other._value);

    public override bool Equals(object? obj) => obj is Weight other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();
}
