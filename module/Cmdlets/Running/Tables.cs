using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace HaCluster.Cmdlets.Running;

/// <summary>Tables that a person types, such as <c>@{ namespace = 'payments' }</c>.</summary>
internal static class Tables
{
    public static IReadOnlyDictionary<string, string> TextByName(Hashtable? table) => table is null
        ? new Dictionary<string, string>()
        : table.Cast<DictionaryEntry>().ToDictionary(entry => Text(entry.Key), entry => Text(entry.Value), StringComparer.Ordinal);

    private static string Text(object? value) =>
        Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";
}
