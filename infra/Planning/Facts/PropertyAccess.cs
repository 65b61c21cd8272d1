using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Facts;

/// <summary>Reading plain values out of a resource's properties. A secret reads as missing, because facts are displayed.</summary>
internal static class PropertyAccess
{
    public static PropertyValue? At(this ImmutableSortedDictionary<string, PropertyValue> properties, params ReadOnlySpan<string> path)
    {
        var value = path.Length == 0 ? null : properties.GetValueOrDefault(path[0]).Plain();
        for (var i = 1; i < path.Length && value is not null; i++)
            value = (value as PropertyValue.Map)?.Entries.GetValueOrDefault(path[i]).Plain();
        return value;
    }

    public static PropertyValue? At(this PropertyValue? value, params ReadOnlySpan<string> path) =>
        path.Length == 0 ? value.Plain() : (value.Plain() as PropertyValue.Map)?.Entries.At(path);

    public static string? Text(this PropertyValue? value) => (value.Plain() as PropertyValue.Text)?.Value;

    public static bool IsTrue(this PropertyValue? value) => value.Plain() is PropertyValue.Bool { Value: true } or PropertyValue.Text { Value: "true" };

    /// <summary>A whole number, also when the provider's schema has it as text.</summary>
    public static int? Integer(this PropertyValue? value) => value.Plain() switch
    {
        PropertyValue.Number number => (int)number.Value,
        PropertyValue.Text text when int.TryParse(text.Value, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    public static ImmutableArray<PropertyValue> Items(this PropertyValue? value) => value.Plain() is PropertyValue.List list ? list.Items : [];

    public static IEnumerable<string> Texts(this PropertyValue? value) => value.Items().Select(item => item.Text()).OfType<string>();

    public static IEnumerable<KeyValuePair<string, PropertyValue>> Entries(this PropertyValue? value) =>
        value.Plain() is PropertyValue.Map map ? map.Entries : [];

    /// <summary>The value without the output wrapper; null when it is secret, unknown or null.</summary>
    private static PropertyValue? Plain(this PropertyValue? value) => value switch
    {
        PropertyValue.Output { IsSecret: false } output => output.Inner.Plain(),
        PropertyValue.Output or PropertyValue.Secret or PropertyValue.Unknown or PropertyValue.Null => null,
        _ => value,
    };
}
