using System.Collections.Immutable;

namespace HaCluster.Planning.Stacks;

/// <summary>One configuration value of a stack file, typed as Pulumi's YAML reader types it.</summary>
public abstract record ConfigValue
{
    /// <summary>The value that the program gets instead of a secret that only Pulumi can decrypt; Pulumi shows the same text.</summary>
    public const string SecretPlaceholder = "[secret]";

    private ConfigValue() { }

    public sealed record Null : ConfigValue;

    public sealed record Bool(bool Value) : ConfigValue;

    /// <summary>A whole number; <paramref name="Value"/> fits into 64 bits, signed or unsigned.</summary>
    public sealed record Integer(Int128 Value) : ConfigValue;

    public sealed record Float(double Value) : ConfigValue;

    public sealed record Text(string Value) : ConfigValue;

    /// <summary>A <c>secure:</c> value. Its ciphertext is not even kept.</summary>
    public sealed record Secure : ConfigValue;

    public sealed record List(ImmutableArray<ConfigValue> Items) : ConfigValue
    {
        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        public override int GetHashCode() => Items.Length;
    }

    public sealed record Map(ImmutableSortedDictionary<string, ConfigValue> Entries) : ConfigValue
    {
        public bool Equals(Map? other) => other is not null && Entries.SequenceEqual(other.Entries);

        public override int GetHashCode() => Entries.Count;
    }

    /// <summary>True when the value contains a secret at any depth: then the whole key is secret.</summary>
    public bool HoldsSecret => this switch
    {
        Secure => true,
        List list => list.Items.Any(item => item.HoldsSecret),
        Map map => map.Entries.Values.Any(entry => entry.HoldsSecret),
        _ => false,
    };

    /// <summary>The text a program finds under this key in <c>PULUMI_CONFIG</c>: plain for a string, JSON for everything else.</summary>
    public string ToConfigText() => this switch
    {
        Null => "",
        Text text => text.Value,
        Secure => SecretPlaceholder,
        _ => ConfigJson.Write(this),
    };
}
