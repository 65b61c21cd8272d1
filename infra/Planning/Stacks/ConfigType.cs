using System.Globalization;

namespace HaCluster.Planning.Stacks;

/// <summary>A type that <c>Pulumi.yaml</c> can declare for a setting.</summary>
/// <param name="Name"><c>string</c>, <c>boolean</c>, <c>integer</c>, <c>object</c> or <c>array</c>.</param>
/// <param name="Items">Of an array only.</param>
public sealed record ConfigType(string Name, ConfigType? Items)
{
    /// <summary>Whether Pulumi would accept the value: it also accepts a whole number or a boolean written as a string.</summary>
    public bool Accepts(ConfigValue value) => (Name, value) switch
    {
        (_, ConfigValue.Secure) => true,
        ("string", ConfigValue.Text or ConfigValue.Integer or ConfigValue.Float or ConfigValue.Bool) => true,
        ("integer", ConfigValue.Integer) => true,
        ("integer", ConfigValue.Float number) => Math.Truncate(number.Value) == number.Value,
        ("integer", ConfigValue.Text text) => long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ("boolean", ConfigValue.Bool) => true,
        ("boolean", ConfigValue.Text text) => text.Value is "true" or "false",
        ("object", ConfigValue.Map) => true,
        ("array", ConfigValue.List list) => Items is not null && list.Items.All(Items.Accepts),
        _ => false,
    };

    public override string ToString() => Items is null ? Name : $"{Name}<{Items}>";
}
