using HaCluster.Engine.Values;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>
/// Merges values into defaults as Helm does: maps are merged, everything else is replaced, and null removes a default.
/// </summary>
internal static class ValueMerge
{
    public static PropertyValue Over(this PropertyValue values, PropertyValue defaults)
    {
        if (defaults is not PropertyValue.Map low || values is not PropertyValue.Map high)
            return values;
        var merged = low.Entries;
        foreach (var (key, value) in high.Entries)
        {
            merged = value is PropertyValue.Null ? merged.Remove(key)
                : merged.SetItem(key, merged.TryGetValue(key, out var known) ? value.Over(known) : value);
        }

        return new PropertyValue.Map(merged);
    }
}
