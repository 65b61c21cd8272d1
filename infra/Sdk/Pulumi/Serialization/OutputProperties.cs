using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>The <see cref="OutputAttribute"/> properties of a resource type, looked up once per type.</summary>
internal static class OutputProperties
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<OutputProperty>> Known = new();

    /// <summary>Gives every output property of a new resource an output that waits for the engine.</summary>
    /// <param name="resource">The resource, of which nothing but its type is used.</param>
    /// <param name="overwriteComponentOutputs">
    /// Whether outputs that a component declares are the engine's, as those of remote components. Otherwise they are the program's, and
    /// may have been set by an initializer already.
    /// </param>
    /// <exception cref="RunException">A property is no output.</exception>
    public static IReadOnlyDictionary<string, IOutputCompletionSource> Initialize(Resource resource, bool overwriteComponentOutputs)
    {
        var isOwn = resource is ComponentResource && !overwriteComponentOutputs;
        var properties = Known.GetOrAdd(resource.GetType(), Discover);
        var dependencies = ImmutableHashSet.Create(resource);
        var sources = new Dictionary<string, IOutputCompletionSource>(isOwn ? 1 : properties.Length);
        foreach (var property in properties)
        {
            if (isOwn && property.DeclaringType != typeof(Resource))
                continue;

            property.Check();
            var source = property.CreateSource(dependencies);
            property.Set(resource, source.Output);
            sources.Add(property.Name, source);
        }

        return sources;
    }

    private static ImmutableArray<OutputProperty> Discover(Type type)
        => [..
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let attribute = property.GetCustomAttribute<OutputAttribute>()
            where attribute is not null
            select new OutputProperty(type, property, attribute.Name ?? property.Name)];
}
