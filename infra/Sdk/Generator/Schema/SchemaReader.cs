using System.Text.RegularExpressions;
using HaCluster.Sdk.Generator.Json;
using HaCluster.Sdk.Generator.Naming;

namespace HaCluster.Sdk.Generator.Schema;

/// <summary>JSON to <see cref="PackageSchema"/>; checks everything the emitters rely on.</summary>
internal sealed class SchemaReader
{
    private readonly JsonValue _root;
    private readonly PropertyTypeReader _types;

    private SchemaReader(JsonValue root)
    {
        _root = root;
        _types = new PropertyTypeReader(Members(root, "types").ToDictionary(type => type.Key, type => type.Value.Find("enum") is not null));
    }

    /// <exception cref="SchemaException">The text is not JSON or not a package schema.</exception>
    public static PackageSchema Read(string text) => new SchemaReader(JsonReader.Read(text)).ReadPackage();

    private PackageSchema ReadPackage()
    {
        var csharp = _root.Find("language")?.Find("csharp");
        return new PackageSchema
        {
            Name = Text(_root, "name"),
            Version = Text(_root, "version"),
            ModuleFormat = ReadModuleFormat(),
            Namespaces = Members(csharp, "namespaces").ToDictionary(entry => entry.Key, entry => entry.Value.Text),
            IsKubernetes = csharp?.Find("compatibility")?.Text == "kubernetes20",
            Provider = _root.Find("provider") is { } provider ? ReadResource($"pulumi:providers:{Text(_root, "name")}", provider, isProvider: true) : null,
            Resources = [.. Members(_root, "resources").Select(entry => ReadResource(Token(entry), entry.Value, isProvider: false))],
            Functions = [.. Members(_root, "functions").Select(entry => ReadFunction(Token(entry), entry.Value))],
            Types = Members(_root, "types").Where(entry => entry.Value.Find("enum") is null)
                .ToDictionary(entry => entry.Key, entry => new ObjectSchema(Token(entry), ReadProperties(entry.Value, "properties", "required"))),
            Enums = [.. Members(_root, "types").Where(entry => entry.Value.Find("enum") is not null).Select(entry => ReadEnum(Token(entry), entry.Value))],
        };
    }

    private Regex ReadModuleFormat()
    {
        var format = _root.Find("meta")?.Find("moduleFormat");
        try
        {
#pragma warning disable RS0030 // The pattern is that of the schema.
            return new Regex(format?.Text ?? "(.*)", RegexOptions.CultureInvariant);
#pragma warning restore RS0030
        }
        catch (ArgumentException)
        {
            throw Malformed(format!, $"meta.moduleFormat '{format!.Text}' is not a regular expression");
        }
    }

    private ResourceSchema ReadResource(string token, JsonValue json, bool isProvider)
        => new(token, ReadProperties(json, "inputProperties", "requiredInputs"), ReadProperties(json, "properties", "required"))
        {
            State = json.Find("stateInputs") is { } state ? ReadProperties(state, "properties", "required") : null,
            AliasTypes = [.. Items(json, "aliases").Select(alias => Text(alias, "type"))],
            IsProvider = isProvider,
        };

    private FunctionSchema ReadFunction(string token, JsonValue json)
    {
        IReadOnlyList<PropertySchema> Side(string name) => json.Find(name) is { } side ? ReadProperties(side, "properties", "required") : [];
        return new FunctionSchema(token, Side("inputs"), Side("outputs"));
    }

    private static EnumSchema ReadEnum(string token, JsonValue json)
    {
        var typeName = Token(token).Name;
        return new EnumSchema(token, [.. Items(json, "enum").Select(member =>
        {
            var value = Text(member, "value");
            return new KeyValuePair<string, string>(EnumNames.MemberName(member.Find("name")?.Text ?? value, typeName), value);
        })]);
    }

    private List<PropertySchema> ReadProperties(JsonValue json, string propertiesName, string requiredName)
    {
        var required = new HashSet<string>(Items(json, requiredName).Select(item => item.Text));
        List<PropertySchema> properties = [.. Members(json, propertiesName).Select(entry => ReadProperty(entry.Key, entry.Value, required.Remove(entry.Key)))];
        return required.Count == 0
            ? properties
            : throw Malformed(json, $"{requiredName} names '{required.First()}', which {propertiesName} does not have");
    }

    private PropertySchema ReadProperty(string name, JsonValue json, bool isRequired)
    {
        var csharpName = json.Find("language")?.Find("csharp")?.Find("name")?.Text ?? Identifiers.PropertyName(name);
        var type = _types.Read(json);
        return new PropertySchema(name, csharpName, type, json.Position)
        {
            IsRequired = isRequired,
            IsSecret = json.Find("secret")?.Text == "true",
            ReplaceOnChanges = json.Find("replaceOnChanges")?.Text == "true",
            Deprecation = json.Find("deprecationMessage")?.Text,
            Constant = json.Find("const") is { } constant ? Literal(constant) : null,
            Default = DefaultValues.Statement(csharpName, type, json.Find("defaultInfo"), json.Find("default") is { } value ? Literal(value) : null),
        };
    }

    private static string Literal(JsonValue json) => json.Kind switch
    {
        JsonKind.Text => CSharpText.Literal(json.Text),
        JsonKind.Boolean or JsonKind.Number => json.Text,
        _ => throw Malformed(json, "a constant or default is a string, a number or a boolean"),
    };

    private static string Token(KeyValuePair<string, JsonValue> entry)
        => entry.Key.Split(':').Length == 3 ? entry.Key : throw Malformed(entry.Value, $"'{entry.Key}' is not a token; it has three parts: package:module:Name");

    private static Token Token(string token) => new(token);

    private static string Text(JsonValue json, string name)
        => json.Find(name) is { Kind: JsonKind.Text, Text: not "" } text ? text.Text : throw Malformed(json, $"a text '{name}' is missing here");

    private static IReadOnlyList<KeyValuePair<string, JsonValue>> Members(JsonValue? json, string name) => json?.Find(name) switch
    {
        null => [],
        { Kind: JsonKind.Object } found => found.Members,
        var other => throw Malformed(other, $"'{name}' is an object"),
    };

    private static IReadOnlyList<JsonValue> Items(JsonValue json, string name) => json.Find(name) switch
    {
        null => [],
        { Kind: JsonKind.Array } found => found.Items,
        var other => throw Malformed(other, $"'{name}' is an array"),
    };

    private static SchemaException Malformed(JsonValue at, string message) => new(SchemaDiagnostics.Malformed, at.Position, message);
}
