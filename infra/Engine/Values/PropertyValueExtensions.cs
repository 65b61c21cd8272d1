using System.Collections.Immutable;

namespace HaCluster.Engine.Values;

/// <summary>Questions that are asked of values all over the engine and by those who read its graphs.</summary>
public static class PropertyValueExtensions
{
    /// <summary>True when the value is unknown or has an unknown anywhere inside.</summary>
    public static bool ContainsUnknowns(this PropertyValue value) => value switch
    {
        PropertyValue.Unknown => true,
        PropertyValue.Secret secret => secret.Inner.ContainsUnknowns(),
        PropertyValue.Output output => output.Inner is null || output.Inner.ContainsUnknowns(),
        PropertyValue.List list => list.Items.Any(ContainsUnknowns),
        PropertyValue.Map map => map.Entries.Values.Any(ContainsUnknowns),
        _ => false,
    };

    /// <summary>True when the value itself is a secret; secrets inside it do not count.</summary>
    public static bool IsSecret(this PropertyValue value) => value switch
    {
        PropertyValue.Secret => true,
        PropertyValue.Output output => output.IsSecret || (output.Inner?.IsSecret() ?? false),
        _ => false,
    };

    /// <summary>The value without the secrets and output values around it; an unknown output is <see cref="PropertyValue.Unknown"/>.</summary>
    public static PropertyValue Unwrap(this PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => secret.Inner.Unwrap(),
        PropertyValue.Output output => output.Inner?.Unwrap() ?? PropertyValue.Unknown.Instance,
        _ => value,
    };

    /// <summary>The text of a known string, also of a secret one; null for everything else.</summary>
    public static string? AsText(this PropertyValue? value) => (value?.Unwrap() as PropertyValue.Text)?.Value;

    /// <summary>The entries of a known object, or null.</summary>
    public static ImmutableSortedDictionary<string, PropertyValue>? AsMap(this PropertyValue? value) =>
        (value?.Unwrap() as PropertyValue.Map)?.Entries;

    /// <summary>
    /// The value as a provider hands it back: output values become plain, secret or unknown ones, because only programs send dependencies.
    /// </summary>
    internal static PropertyValue Flatten(this PropertyValue value) => value switch
    {
        PropertyValue.Output { Inner: null, IsSecret: true } => new PropertyValue.Secret(PropertyValue.Unknown.Instance),
        PropertyValue.Output { Inner: null } => PropertyValue.Unknown.Instance,
        PropertyValue.Output { IsSecret: true } output => new PropertyValue.Secret(output.Inner.Flatten()),
        PropertyValue.Output output => output.Inner.Flatten(),
        PropertyValue.Secret secret => new PropertyValue.Secret(secret.Inner.Flatten()),
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(Flatten)]),
        PropertyValue.Map map => new PropertyValue.Map(
            map.Entries.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Flatten(), StringComparer.Ordinal)),
        _ => value,
    };

    /// <summary>The value as a secret; one that already is stays as it is.</summary>
    internal static PropertyValue AsSecret(this PropertyValue value) => value is PropertyValue.Secret ? value : new PropertyValue.Secret(value);

    /// <summary>The value with every secret in it laid open, for a runtime that does not accept secrets.</summary>
    internal static PropertyValue WithoutSecrets(this PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => secret.Inner.WithoutSecrets(),
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(WithoutSecrets)]),
        PropertyValue.Map map => new PropertyValue.Map(
            map.Entries.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.WithoutSecrets(), StringComparer.Ordinal)),
        _ => value,
    };
}
