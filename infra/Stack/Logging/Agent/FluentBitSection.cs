using System.Text;

namespace HaCluster.Stack.Logging.Agent;

/// <summary>A section of Fluent Bit's classic configuration.</summary>
/// <param name="Name"><c>SERVICE</c>, <c>INPUT</c>, <c>FILTER</c> or <c>OUTPUT</c>.</param>
/// <param name="Entries">Keys and values, in order.</param>
/// <remarks>https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema</remarks>
public sealed record FluentBitSection(string Name, params (string Key, string Value)[] Entries)
{
    public override string ToString()
    {
        var text = new StringBuilder($"[{Name}]\n");
        foreach (var (key, value) in Entries)
            text.Append("    ").Append(key).Append(' ').Append(value).Append('\n');
        return text.ToString();
    }
}
