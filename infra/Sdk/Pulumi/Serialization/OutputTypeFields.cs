using System.Collections.Concurrent;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>The read-only fields of an <see cref="OutputTypeAttribute">output type</see>, by which it is sent back.</summary>
internal sealed record OutputTypeFields(IReadOnlyList<(string Name, FieldInfo Field)> ByName)
{
    private static readonly ConcurrentDictionary<Type, OutputTypeFields?> Known = new();

    /// <returns>Null if it is no output type.</returns>
    public static OutputTypeFields? Of(Type type) => Known.GetOrAdd(type, static type =>
        type.IsDefined(typeof(OutputTypeAttribute), inherit: false)
            ? new OutputTypeFields([.. Discover(type).OrderBy(field => field.Name, StringComparer.Ordinal)])
            : null);

    private static IEnumerable<(string Name, FieldInfo Field)> Discover(Type type)
        => from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.NonPublic)
           where field.IsInitOnly
           select (char.ToLowerInvariant(field.Name[0]) + field.Name[1..], field);
}
