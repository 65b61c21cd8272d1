using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace HaCluster.Help;

/// <summary>A cmdlet as its attributes declare it.</summary>
/// <param name="Type">Its class.</param>
internal sealed record CmdletFacts(Type Type, string Verb, string Noun, string? DefaultSet, bool AsksFirst, IReadOnlyList<ParameterFacts> Parameters, IReadOnlyList<string> Outputs)
{
    public string Name => $"{Verb}-{Noun}";
}

/// <param name="Property">Where it is declared.</param>
/// <param name="Default">As text; empty when there is none.</param>
internal sealed record ParameterFacts(
    PropertyInfo Property, IReadOnlyList<ParameterPlace> Places, IReadOnlyList<string> Aliases, bool TakesWildcards, IReadOnlyList<string> Values, string Default)
{
    public string Name => Property.Name;
}

/// <summary>A parameter in one parameter set; null: in all.</summary>
internal sealed record ParameterPlace(string? Set, bool IsMandatory, int? Position, bool FromPipeline, bool FromPipelineByName)
{
    public string PipelineInput => (FromPipeline, FromPipelineByName) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };
}

/// <summary>Reads the cmdlets of an assembly from their attributes; no constructor of an attribute is run.</summary>
internal static class CmdletReader
{
    public static IReadOnlyList<CmdletFacts> Read(string path)
    {
        // The engine is not loaded: no public member of a cmdlet has one of its types.
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path));
        return
        [
            .. assembly.GetExportedTypes()
                .Select(type => (Type: type, Attribute: Of(type.GetCustomAttributesData(), nameof(CmdletAttribute)).FirstOrDefault()))
                .Where(one => one.Attribute is not null && !one.Type.IsAbstract)
                .Select(one => Cmdlet(one.Type, one.Attribute!))
                .OrderBy(cmdlet => cmdlet.Noun, StringComparer.Ordinal).ThenBy(cmdlet => cmdlet.Verb, StringComparer.Ordinal),
        ];
    }

    private static CmdletFacts Cmdlet(Type type, CustomAttributeData attribute)
    {
        var defaults = Activator.CreateInstance(type);
        return new CmdletFacts(
            type, (string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!, Named<string>(attribute, "DefaultParameterSetName"),
            Named<bool>(attribute, "SupportsShouldProcess"),
            [.. type.GetProperties().Select(property => Parameter(property, defaults)).OfType<ParameterFacts>().OrderBy(one => one.Places[0].Position ?? int.MaxValue)],
            [.. Of(type.GetCustomAttributesData(), nameof(OutputTypeAttribute)).SelectMany(one => Types(one.ConstructorArguments[0])).Select(output => output.FullName!)]);
    }

    private static ParameterFacts? Parameter(PropertyInfo property, object? defaults)
    {
        var attributes = property.GetCustomAttributesData();
        ParameterPlace[] places = [.. Of(attributes, nameof(ParameterAttribute)).Select(one => new ParameterPlace(
            Named<string>(one, "ParameterSetName"), Named<bool>(one, "Mandatory"), one.NamedArguments.Any(argument => argument.MemberName == "Position") ? Named<int>(one, "Position") : null,
            Named<bool>(one, "ValueFromPipeline"), Named<bool>(one, "ValueFromPipelineByPropertyName")))];
        if (places.Length == 0)
            return null;
        return new ParameterFacts(
            property, places, Texts(attributes, nameof(AliasAttribute)), Of(attributes, nameof(SupportsWildcardsAttribute)).Any(),
            ValuesOf(property.PropertyType) is { Count: > 0 } values ? values : Texts(attributes, nameof(ValidateSetAttribute)), Default(property, defaults));
    }

    private static List<string> ValuesOf(Type type)
    {
        var element = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return element.IsEnum ? [.. Enum.GetNames(element)] : [];
    }

    private static string Default(PropertyInfo property, object? cmdlet) => property.GetValue(cmdlet) switch
    {
        null or "" or 0 or false => "",
        SwitchParameter => "",
        string[] list => string.Join(", ", list),
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    private static IEnumerable<CustomAttributeData> Of(IEnumerable<CustomAttributeData> attributes, string name) => attributes.Where(one => one.AttributeType.Name == name);

    private static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name) is { MemberInfo: not null } found ? (T?)found.TypedValue.Value : default;

    private static string[] Texts(IEnumerable<CustomAttributeData> attributes, string name) => [.. Of(attributes, name)
        .SelectMany(one => one.ConstructorArguments).SelectMany(argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list : [argument]).Select(argument => argument.Value).OfType<string>()];

    private static IEnumerable<Type> Types(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        IEnumerable<CustomAttributeTypedArgument> list => list.Select(one => one.Value).OfType<Type>(),
        Type one => [one],
        _ => [],
    };
}
