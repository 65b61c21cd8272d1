using System.Collections;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Enum = System.Enum;

namespace Pulumi.Serialization;

/// <summary>
/// Writes values of a program as the engine takes them, waiting for the outputs in them, and gathers the resources they depend on.
/// </summary>
/// <param name="keepResources">Whether resources go as references; otherwise as their ids and URNs.</param>
/// <param name="keepOutputValues">
/// Whether outputs keep their own secrecy and dependencies on the wire, as remote components need it.
/// </param>
/// <param name="ignoreReferencedResources">Whether a resource that is only referred to does not count as a dependency.</param>
internal sealed class Serializer(bool keepResources, bool keepOutputValues = false, bool ignoreReferencedResources = false)
{
    /// <summary>The resources that what was serialized depends on.</summary>
    public HashSet<Resource> Dependencies { get; private init; } = [];

    /// <returns>The value on the wire; null is a null value.</returns>
    /// <exception cref="InvalidOperationException">Something in it cannot be sent; the message says where.</exception>
    public ValueTask<Value> SerializeAsync(PropertyPath path, object? value)
    {
        return value switch
        {
            null => new ValueTask<Value>(Value.ForNull()),
            string text => new ValueTask<Value>(Value.ForString(text)),
            bool truth => new ValueTask<Value>(Value.ForBool(truth)),
            int number => new ValueTask<Value>(Value.ForNumber(number)),
            double number => new ValueTask<Value>(Value.ForNumber(number)),
            InputArgs args => SerializeDictionaryAsync(path, args.ToDictionary()),
            AssetOrArchive asset => SerializeAssetAsync(path, asset),
            Task => throw new InvalidOperationException(
                $"Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output:\n\t{path}"),
            INestedInput nested => SerializeOutputAsync(path, nested.Elements),
            IInput input => SerializeOutputAsync(path, input.ToOutput()),
            IUnion union => SerializeAsync(path, union.Value),
            JsonElement element => new ValueTask<Value>(SerializeJson(element)),
            IOutput output => SerializeOutputAsync(path, output),
            CustomResource resource => SerializeCustomResourceAsync(path, resource),
            ComponentResource resource => SerializeComponentAsync(path, resource),
            IReadOnlyDictionary<string, object?> dictionary => SerializeDictionaryAsync(path, dictionary),
            IDictionary dictionary => SerializeDictionaryAsync(path, WithStringKeys(path, dictionary)),
            IList list => SerializeListAsync(path, list),
            Enum when Enum.GetUnderlyingType(value.GetType()) == typeof(int) => new ValueTask<Value>(Value.ForNumber((int)value)),
            ValueTuple => new ValueTask<Value>(Value.ForNull()),
            _ => SerializeMarkedTypeAsync(path, value),
        };
    }

    private async ValueTask<Value> SerializeDictionaryAsync(PropertyPath path, IReadOnlyDictionary<string, object?> dictionary)
    {
        var result = new Struct();
        foreach (var key in dictionary.Keys.Order(StringComparer.Ordinal))
        {
            // As in JSON, a property that is null is a property that is not there.
            var value = await SerializeAsync(path.Property(key), dictionary[key]);
            if (value.KindCase != Value.KindOneofCase.NullValue)
                result.Fields.Add(key, value);
        }

        return Value.ForStruct(result);
    }

    private static Dictionary<string, object?> WithStringKeys(PropertyPath path, IDictionary dictionary)
    {
        var result = new Dictionary<string, object?>(dictionary.Count);
        foreach (DictionaryEntry entry in dictionary)
        {
            if (entry.Key is not string key)
                throw new InvalidOperationException($"Dictionaries are only supported with string keys:\n\t{path}");
            result.Add(key, entry.Value);
        }

        return result;
    }

    private async ValueTask<Value> SerializeListAsync(PropertyPath path, IList list)
    {
        var result = new ListValue();
        if (ImmutableArrays.IsDefault(list))
            return new Value { ListValue = result };

        for (var i = 0; i < list.Count; i++)
            result.Values.Add(await SerializeAsync(path.Item(i), list[i]));
        return new Value { ListValue = result };
    }

    private async ValueTask<Value> SerializeOutputAsync(PropertyPath path, IOutput output)
    {
        var data = await output.GetDataAsync();
        Dependencies.UnionWith(data.Resources);
        if (keepOutputValues)
            return await SerializeOutputValueAsync(path, data);
        if (!data.IsKnown)
            return Value.ForString(UnknownSentinels.String);

        var value = await SerializeAsync(path, data.Value);
        return data.IsSecret ? Special(Signatures.Secret, (WireNames.Value, value)) : value;
    }

    private async ValueTask<Value> SerializeOutputValueAsync(PropertyPath path, OutputData<object?> data)
    {
        // Within an output value there are no further ones: its dependencies are those of everything in it.
        var inner = new Serializer(keepResources, keepOutputValues: false, ignoreReferencedResources);
        var value = data.IsKnown ? await inner.SerializeAsync(path, data.Value) : null;
        Dependencies.UnionWith(inner.Dependencies);
        inner.Dependencies.UnionWith(data.Resources);
        if (value is not null && !data.IsSecret && inner.Dependencies.Count == 0)
            return value;

        var outputValue = Special(Signatures.OutputValue);
        if (value is not null)
            outputValue.StructValue.Fields.Add(WireNames.Value, value);
        if (data.IsSecret)
            outputValue.StructValue.Fields.Add(WireNames.Secret, Value.ForBool(true));
        var urns = await DependencyUrns.ResolveAsync(inner.Dependencies);
        if (urns.Count > 0)
        {
            outputValue.StructValue.Fields.Add(
                WireNames.Dependencies, Value.ForList([.. urns.Order(StringComparer.Ordinal).Select(Value.ForString)]));
        }

        return outputValue;
    }

    private async ValueTask<Value> SerializeCustomResourceAsync(PropertyPath path, CustomResource resource)
    {
        var serializer = ForReference();
        serializer.Dependencies.Add(resource);

        var id = await serializer.SerializeOutputAsync(path.Property(WireNames.Id), resource.Id);
        if (!keepResources)
            return id;
        var urn = await serializer.SerializeOutputAsync(path.Property(WireNames.Urn), resource.Urn);
        if (id.KindCase == Value.KindOneofCase.StringValue && id.StringValue == UnknownSentinels.String)
            id = Value.ForString("");
        return Special(Signatures.ResourceReference, (WireNames.Urn, urn), (WireNames.Id, id));
    }

    // Only the URN of a component: its properties may lead back to what is being serialized, which would wait for itself.
    private async ValueTask<Value> SerializeComponentAsync(PropertyPath path, ComponentResource resource)
    {
        var urn = await ForReference().SerializeOutputAsync(path.Property(WireNames.Urn), resource.Urn);
        return keepResources ? Special(Signatures.ResourceReference, (WireNames.Urn, urn)) : urn;
    }

    private Serializer ForReference()
    {
        if (keepResources && ignoreReferencedResources)
            return new Serializer(keepResources);
        return keepOutputValues ? new Serializer(keepResources) { Dependencies = Dependencies } : this;
    }

    private static Value SerializeJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Value.ForString(element.GetString()),
        JsonValueKind.Number => Value.ForNumber(element.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => Value.ForBool(element.GetBoolean()),
        JsonValueKind.Array => Value.ForList([.. element.EnumerateArray().Select(SerializeJson)]),
        JsonValueKind.Object => SerializeJsonObject(element),
        _ => Value.ForNull(),
    };

    private static Value SerializeJsonObject(JsonElement element)
    {
        var result = new Struct();
        foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
            result.Fields[property.Name] = SerializeJson(property.Value);
        return Value.ForStruct(result);
    }

    private async ValueTask<Value> SerializeAssetAsync(PropertyPath path, AssetOrArchive asset)
    {
        switch (asset)
        {
            case InvalidAsset:
                throw new InvalidOperationException("Cannot serialize invalid asset");
            case InvalidArchive:
                throw new InvalidOperationException("Cannot serialize invalid archive");
            default:
                var content = await SerializeAsync(path.Property(asset.PropertyName), asset.Value);
                return Special(asset.Signature, (asset.PropertyName, content));
        }
    }

    private ValueTask<Value> SerializeMarkedTypeAsync(PropertyPath path, object value)
    {
        var type = value.GetType();
        return EnumTypes.TryUnwrap(path, value, out var underlying) ? SerializeAsync(path, underlying)
            : OutputTypeFields.Of(type) is { } fields ? SerializeFieldsAsync(path, value, fields)
            : throw new InvalidOperationException($"{type.FullName} is not a supported argument type.\n\t{path}");
    }

    private async ValueTask<Value> SerializeFieldsAsync(PropertyPath path, object value, OutputTypeFields fields)
    {
        var result = new Struct();
        foreach (var (name, field) in fields.ByName)
            result.Fields[name] = await SerializeAsync(path.Property(name), field.GetValue(value));
        return Value.ForStruct(result);
    }

    private static Value Special(string signature, params ReadOnlySpan<(string Name, Value Value)> properties)
    {
        var result = new Struct { Fields = { { Signatures.Key, Value.ForString(signature) } } };
        foreach (var (name, value) in properties)
            result.Fields.Add(name, value);
        return Value.ForStruct(result);
    }
}

/// <summary>Arguments on the wire, and what each of those sent depends on.</summary>
internal sealed record SerializedProperties(Struct Values, IReadOnlyDictionary<string, HashSet<Resource>> Dependencies);
