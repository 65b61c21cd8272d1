using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace HaCluster.Engine.Values;

/// <summary>Reads property values off the wire.</summary>
internal static class PropertyValueReader
{
    /// <summary>How a message with a path begins; each object around it puts its name in front.</summary>
    private const string PathPrefix = "property '";

    /// <param name="dropNulls">True where the real engine leaves out object entries that are null (everywhere but in list items).</param>
    /// <exception cref="FormatException">A special value is malformed; the message has its path.</exception>
    public static ImmutableSortedDictionary<string, PropertyValue> Read(Struct? properties, bool dropNulls = true) =>
        properties is null ? PropertyMap.Empty : ReadProperties(properties.Fields, dropNulls);

    /// <inheritdoc cref="Read(Struct?, bool)"/>
    public static PropertyValue Read(Value value, bool dropNulls = true) => ReadValue(value, dropNulls);

    private static ImmutableSortedDictionary<string, PropertyValue> ReadProperties(MapField<string, Value> fields, bool dropNulls)
    {
        var current = "";
        try
        {
            var entries = PropertyMap.CreateBuilder();
            foreach (var (name, value) in fields)
            {
                current = name;
                var read = ReadValue(value, dropNulls);
                if (!(dropNulls && read is PropertyValue.Null))
                    entries[name] = read;
            }
            return entries.ToImmutable();
        }
        catch (FormatException malformed)
        {
            var isNested = malformed.Message.StartsWith(PathPrefix, StringComparison.Ordinal);
            throw new FormatException($"{PathPrefix}{current}{(isNested ? $".{malformed.Message[PathPrefix.Length..]}" : $"' {malformed.Message}")}", malformed);
        }
    }

    private static PropertyValue ReadValue(Value value, bool dropNulls) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => new PropertyValue.Bool(value.BoolValue),
        Value.KindOneofCase.NumberValue => new PropertyValue.Number(value.NumberValue),
        Value.KindOneofCase.StringValue => Unknowns.IsSentinel(value.StringValue)
            ? PropertyValue.Unknown.Instance
            : new PropertyValue.Text(value.StringValue),
        Value.KindOneofCase.ListValue => ReadList(value.ListValue.Values, dropNulls),
        Value.KindOneofCase.StructValue => ReadObject(value.StructValue.Fields, dropNulls),
        _ => PropertyValue.Null.Instance,
    };

    private static PropertyValue.List ReadList(RepeatedField<Value> values, bool dropNulls)
    {
        var items = ImmutableArray.CreateBuilder<PropertyValue>(values.Count);
        for (var i = 0; i < values.Count; i++)
            items.Add(ReadValue(values[i], dropNulls));
        return new PropertyValue.List(items.MoveToImmutable());
    }

    private static PropertyValue ReadObject(MapField<string, Value> fields, bool dropNulls)
    {
        if (!fields.TryGetValue(Signatures.Key, out var signature))
            return new PropertyValue.Map(ReadProperties(fields, dropNulls));
        return signature.StringValue switch
        {
            Signatures.Secret => new PropertyValue.Secret(fields.TryGetValue("value", out var secret)
                ? ReadValue(secret, dropNulls)
                : throw Malformed("secret", "has no value")),
            Signatures.OutputValue => ReadOutput(fields, dropNulls),
            Signatures.ResourceReference => ReadReference(fields),
            Signatures.Asset => ReadAsset(fields),
            Signatures.Archive => ReadArchive(fields),
            var other => throw Malformed("special value", $"has the unrecognized signature '{other}'"),
        };
    }

    private static PropertyValue.Output ReadOutput(MapField<string, Value> fields, bool dropNulls)
    {
        var inner = fields.TryGetValue("value", out var value) ? ReadValue(value, dropNulls) : null;
        var secret = fields.TryGetValue("secret", out var flag) && flag.BoolValue;
        var dependencies = fields.TryGetValue("dependencies", out var urns)
            ? (urns.ListValue ?? throw Malformed("output value", "has dependencies that are not a list")).Values
                .Select(urn => urn.KindCase == Value.KindOneofCase.StringValue
                    ? urn.StringValue
                    : throw Malformed("output value", "has a dependency that is not a URN"))
                .ToImmutableArray()
            : [];
        return new PropertyValue.Output(inner is PropertyValue.Unknown ? null : inner, secret, dependencies);
    }

    private static PropertyValue.Reference ReadReference(MapField<string, Value> fields)
    {
        if (!fields.TryGetValue("urn", out var urn) || urn.KindCase != Value.KindOneofCase.StringValue)
            throw Malformed("resource reference", "has no URN");
        var id = fields.TryGetValue("id", out var value) && value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : null;
        return new PropertyValue.Reference(urn.StringValue, id is not null && Unknowns.IsSentinel(id) ? "" : id);
    }

    private static PropertyValue.Asset ReadAsset(MapField<string, Value> fields)
    {
        // The engine's own writer leaves out what is empty, so an asset of the empty text carries no kind at all.
        var kind = FirstOf(fields, "text", "path", "uri") ?? "text";
        return new PropertyValue.Asset(kind, TextOf(fields, kind, "asset"));
    }

    private static PropertyValue.Archive ReadArchive(MapField<string, Value> fields)
    {
        if (FirstOf(fields, "path", "uri") is { } kind)
            return new PropertyValue.Archive(kind, TextOf(fields, kind, "archive"), null);
        var assets = PropertyMap.CreateBuilder();
        if (fields.TryGetValue("assets", out var contents))
        {
            foreach (var (name, value) in (contents.StructValue ?? throw Malformed("archive", "has assets that are not an object")).Fields)
            {
                assets[name] = ReadValue(value, dropNulls: true) switch
                {
                    PropertyValue.Asset asset => asset,
                    PropertyValue.Archive archive => archive,
                    _ => throw Malformed("archive", $"has an entry '{name}' that is neither an asset nor an archive"),
                };
            }
        }
        return new PropertyValue.Archive("assets", null, assets.ToImmutable());
    }

    /// <summary>The first key with a non-empty value, otherwise the first that exists.</summary>
    private static string? FirstOf(MapField<string, Value> fields, params ReadOnlySpan<string> kinds)
    {
        string? present = null;
        foreach (var kind in kinds)
        {
            if (!fields.TryGetValue(kind, out var value))
                continue;
            if (value.StringValue.Length > 0)
                return kind;
            present ??= kind;
        }
        return present;
    }

    private static string TextOf(MapField<string, Value> fields, string kind, string what)
    {
        if (!fields.TryGetValue(kind, out var value))
            return "";
        return value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : throw Malformed(what, $"has a {kind} that is not a string");
    }

    private static FormatException Malformed(string what, string problem) => new($"holds a malformed {what}: it {problem}");
}
