using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace HaCluster.Engine.Values;

/// <summary>Writes property values onto the wire, in the forms every runtime reads.</summary>
internal static class PropertyValueWriter
{
    public static Struct Write(IEnumerable<KeyValuePair<string, PropertyValue>> properties)
    {
        var result = new Struct();
        foreach (var (name, value) in properties)
            result.Fields[name] = Write(value);
        return result;
    }

    public static Value Write(PropertyValue value) => value switch
    {
        PropertyValue.Null => Value.ForNull(),
        PropertyValue.Bool flag => Value.ForBool(flag.Value),
        PropertyValue.Number number => Value.ForNumber(number.Value),
        PropertyValue.Text text => Value.ForString(text.Value),
        PropertyValue.Unknown => Value.ForString(UnknownSentinels.String),
        PropertyValue.List list => Value.ForList([.. list.Items.Select(Write)]),
        PropertyValue.Map map => Value.ForStruct(Write(map.Entries)),
        PropertyValue.Secret secret => Special(Signatures.Secret, ("value", Write(secret.Inner))),
        PropertyValue.Output output => WriteOutput(output),
        PropertyValue.Reference reference => reference.Id is null
            ? Special(Signatures.ResourceReference, ("urn", Value.ForString(reference.Urn)))
            : Special(Signatures.ResourceReference, ("urn", Value.ForString(reference.Urn)), ("id", Value.ForString(reference.Id))),
        PropertyValue.Asset asset => Special(Signatures.Asset, (asset.Kind, Value.ForString(asset.Value))),
        PropertyValue.Archive { Assets: { } assets } => Special(Signatures.Archive, ("assets", Value.ForStruct(Write(assets)))),
        PropertyValue.Archive archive => Special(Signatures.Archive, (archive.Kind, Value.ForString(archive.Value ?? ""))),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name, "This kind of value has no wire format."),
    };

    private static Value WriteOutput(PropertyValue.Output output)
    {
        var result = Special(Signatures.OutputValue);
        if (output.Inner is not null)
            result.StructValue.Fields["value"] = Write(output.Inner);
        if (output.IsSecret)
            result.StructValue.Fields["secret"] = Value.ForBool(true);
        if (!output.Dependencies.IsDefaultOrEmpty)
            result.StructValue.Fields["dependencies"] = Value.ForList([.. output.Dependencies.Select(Value.ForString)]);
        return result;
    }

    private static Value Special(string signature, params ReadOnlySpan<(string Name, Value Value)> parts)
    {
        var result = new Struct { Fields = { [Signatures.Key] = Value.ForString(signature) } };
        foreach (var (name, value) in parts)
            result.Fields[name] = value;
        return Value.ForStruct(result);
    }
}
