using Google.Protobuf.WellKnownTypes;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    private static async Task<SerializedProperties> SerializePropertiesAsync(
        PropertyPath label,
        IEnumerable<KeyValuePair<string, object?>> properties,
        bool keepResources,
        bool keepOutputValues = false,
        bool ignoreReferencedResources = false)
    {
        var values = new Struct();
        var dependencies = new Dictionary<string, HashSet<Resource>>();
        foreach (var (name, property) in properties.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            // A property that is null is a property that is not there.
            if (property is null)
                continue;

            var serializer = new Serializer(keepResources, keepOutputValues, ignoreReferencedResources);
            var value = await SerializePropertyAsync(serializer, label, name, property);
            if (value.KindCase == Value.KindOneofCase.NullValue)
                continue;
            values.Fields.Add(name, value);
            dependencies.Add(name, serializer.Dependencies);
        }

        return new SerializedProperties(values, dependencies);
    }

    private static async ValueTask<Value> SerializePropertyAsync(Serializer serializer, PropertyPath label, string name, object property)
    {
        try
        {
            return await serializer.SerializeAsync(label.Property(name), property);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"error serializing property \"{name}\": {e.Message}", e);
        }
    }
}
