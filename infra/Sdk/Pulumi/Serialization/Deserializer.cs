using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace Pulumi.Serialization;

/// <summary>
/// Reads values from the engine into null, bool, double, string, <see cref="ImmutableArray{T}"/> and
/// <see cref="ImmutableDictionary{TKey, TValue}"/> of object, assets, resources and, for output values, outputs.
/// One unknown makes all unknown, one secret makes all secret.
/// </summary>
internal static class Deserializer
{
    public static OutputData<object?> Deserialize(Value value)
    {
        var isSecret = false;
        while (SignatureOf(value) == Signatures.Secret)
        {
            isSecret = true;
            value = value.StructValue.Fields.TryGetValue(WireNames.Value, out var inner)
                ? inner
                : throw new InvalidOperationException("Secrets must have a field called 'value'");
        }

        var data = SignatureOf(value) switch
        {
            Signatures.Asset => OutputData<object?>.Known(DeserializeAsset(value.StructValue)),
            Signatures.Archive => OutputData<object?>.Known(DeserializeArchive(value.StructValue)),
            Signatures.ResourceReference => OutputData<object?>.Known(DeserializeResource(value.StructValue)),
            Signatures.OutputValue => OutputData<object?>.Known(DeserializeOutputValue(value.StructValue)),
            _ => DeserializePlain(value),
        };
        return isSecret ? data with { IsSecret = true } : data;
    }

    private static OutputData<object?> DeserializePlain(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.NullValue => OutputData<object?>.Known(null),
        Value.KindOneofCase.BoolValue => OutputData<object?>.Known(value.BoolValue),
        Value.KindOneofCase.NumberValue => OutputData<object?>.Known(value.NumberValue),
        Value.KindOneofCase.StringValue when value.StringValue == UnknownSentinels.String
            => OutputData<object?>.Known(null) with { IsKnown = false },
        Value.KindOneofCase.StringValue => OutputData<object?>.Known(value.StringValue),
        Value.KindOneofCase.ListValue => DeserializeList(value.ListValue),
        Value.KindOneofCase.StructValue => DeserializeStruct(value.StructValue),
        _ => throw new InvalidOperationException("Should never get 'None' type when deserializing protobuf"),
    };

    private static OutputData<object?> DeserializeList(ListValue list)
    {
        var all = OutputData<object?>.Known(null);
        var items = ImmutableArray.CreateBuilder<object?>(list.Values.Count);
        foreach (var element in list.Values)
            items.Add(TakeFrom(Deserialize(element), ref all));
        return all with { Value = items.MoveToImmutableOrEmpty() };
    }

    private static OutputData<object?> DeserializeStruct(Struct value)
    {
        var all = OutputData<object?>.Known(null);
        var properties = ImmutableDictionary.CreateBuilder<string, object?>();
        foreach (var (key, element) in value.Fields)
        {
            // The engine's own properties are not part of the object.
            if (!key.StartsWith("__", StringComparison.Ordinal))
                properties.Add(key, TakeFrom(Deserialize(element), ref all));
        }

        return all with { Value = properties.ToImmutable() };
    }

    private static object? TakeFrom(OutputData<object?> element, ref OutputData<object?> all)
    {
        all = all with
        {
            Resources = all.Resources.Union(element.Resources),
            IsKnown = all.IsKnown && element.IsKnown,
            IsSecret = all.IsSecret || element.IsSecret,
        };
        return element.Value;
    }

    private static string? SignatureOf(Value value)
        => value.KindCase == Value.KindOneofCase.StructValue ? StringOf(value.StructValue, Signatures.Key) : null;

    private static string? StringOf(Struct value, string name)
        => value.Fields.TryGetValue(name, out var property) && property.KindCase == Value.KindOneofCase.StringValue
            ? property.StringValue
            : null;

    private static Asset DeserializeAsset(Struct value)
        => StringOf(value, WireNames.Path) is { } path ? new FileAsset(path)
            : StringOf(value, WireNames.Uri) is { } uri ? new RemoteAsset(uri)
            : StringOf(value, WireNames.Text) is { } text ? new StringAsset(text)
            : throw new InvalidOperationException("Value was marked as Asset, but did not conform to required shape.");

    private static Archive DeserializeArchive(Struct value)
        => StringOf(value, WireNames.Path) is { } path ? new FileArchive(path)
            : StringOf(value, WireNames.Uri) is { } uri ? new RemoteArchive(uri)
            : value.Fields.TryGetValue(WireNames.Assets, out var assets) && assets.StructValue is { } members
                ? new AssetArchive(members.Fields.ToImmutableDictionary(member => member.Key, member => DeserializeMember(member.Value)))
                : throw new InvalidOperationException("Value was marked as Archive, but did not conform to required shape.");

    private static AssetOrArchive DeserializeMember(Value value) => SignatureOf(value) switch
    {
        Signatures.Asset => DeserializeAsset(value.StructValue),
        Signatures.Archive => DeserializeArchive(value.StructValue),
        _ => throw new InvalidOperationException("AssetArchive contained an element that wasn't itself an Asset or Archive."),
    };

    private static Resource DeserializeResource(Struct value)
    {
        var urn = StringOf(value, WireNames.Urn)
            ?? throw new InvalidOperationException("Value was marked as a Resource, but did not conform to required shape.");
        return ResourcePackages.TryConstruct(urn, StringOf(value, WireNames.PackageVersion)) ?? new DependencyResource(urn);
    }

    private static Output<object?> DeserializeOutputValue(Struct value)
    {
        var isKnown = value.Fields.TryGetValue(WireNames.Value, out var inner);
        var isSecret = value.Fields.TryGetValue(WireNames.Secret, out var secret) && secret.BoolValue;
        var dependencies = value.Fields.TryGetValue(WireNames.Dependencies, out var urns) && urns.ListValue is { } list
            ? list.Values
                .Where(urn => urn.HasStringValue)
                .Select(urn => (Resource)new DependencyResource(urn.StringValue))
                .ToImmutableHashSet()
            : ImmutableHashSet<Resource>.Empty;
        var content = isKnown ? Deserialize(inner).Value : null;
        return new Output<object?>(Task.FromResult(new OutputData<object?>(dependencies, content, isKnown, isSecret)));
    }
}
