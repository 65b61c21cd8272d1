using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Validation;

/// <summary>
/// Checks values against the types of one package. Unknown values are fine wherever a value is; secrets and outputs are what they wrap.
/// </summary>
/// <param name="coerces">
/// True for providers bridged from Terraform, which take a string for a number or boolean and the other way round where it parses.
/// The Kubernetes API does not.
/// </param>
internal sealed class ValueValidator(PackageSchema package, bool coerces)
{
    /// <summary>True inside a secret, whose content no message may show.</summary>
    private bool _hidden;

    /// <summary>Checks a whole set of properties and adds what is wrong with them.</summary>
    public void Check(
        ObjectSpec spec, ImmutableSortedDictionary<string, PropertyValue> properties, string path, ICollection<PropertyProblem> problems)
    {
        foreach (var (name, value) in properties)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (spec.Properties.TryGetValue(name, out var property))
                CheckProperty(property, value, at, problems);
            else if (!name.StartsWith("__", StringComparison.Ordinal))
                problems.Add(new PropertyProblem(at, $"is not a known property{NearestName.Hint(name, spec.Properties.Keys)}"));
        }
        foreach (var required in spec.Required)
        {
            if (!properties.TryGetValue(required, out var value) || value.Unwrap() is PropertyValue.Null)
                problems.Add(new PropertyProblem(path.Length == 0 ? required : $"{path}.{required}", "is required but missing"));
        }
    }

    private void CheckProperty(PropertySpec property, PropertyValue value, string path, ICollection<PropertyProblem> problems)
    {
        var plain = value.Unwrap();
        if (property.Const is { } constant && plain is not (PropertyValue.Unknown or PropertyValue.Null) && !plain.Equals(constant))
            problems.Add(new PropertyProblem(path, $"must be {Show(constant)}, not {(value.IsSecret() ? "the given secret" : Describe(plain))}"));
        else
            CheckValue(property.Type, value, path, problems);
    }

    private void CheckValue(TypeSpec type, PropertyValue value, string path, ICollection<PropertyProblem> problems)
    {
        var plain = value.Unwrap();
        if (plain is PropertyValue.Unknown or PropertyValue.Null)
            return;
        var hidden = _hidden;
        _hidden |= value.IsSecret();
        CheckPlain(type, plain, path, problems);
        _hidden = hidden;
    }

    private void CheckPlain(TypeSpec type, PropertyValue value, string path, ICollection<PropertyProblem> problems)
    {
        switch (type)
        {
            case TypeSpec.Any:
                break;
            case TypeSpec.Primitive primitive:
                if (!Accepts(primitive.Kind, value))
                    Mismatch(Name(primitive.Kind), value, path, problems);
                break;
            case TypeSpec.Array array:
                if (value is not PropertyValue.List list)
                {
                    Mismatch("a list", value, path, problems);
                    break;
                }
                for (var i = 0; i < list.Items.Length; i++)
                    CheckValue(array.Items, list.Items[i], $"{path}[{i}]", problems);
                break;
            case TypeSpec.Map map:
                if (value is not PropertyValue.Map entries)
                {
                    Mismatch("a map", value, path, problems);
                    break;
                }
                foreach (var (key, entry) in entries.Entries)
                    CheckValue(map.Values, entry, $"{path}[{Quote(key)}]", problems);
                break;
            case TypeSpec.Named named:
                CheckNamed(named, value, path, problems);
                break;
            case TypeSpec.OneOf oneOf:
                CheckOneOf(oneOf, value, path, problems);
                break;
            case TypeSpec.Asset:
                if (value is not PropertyValue.Asset)
                    Mismatch("an asset", value, path, problems);
                break;
            case TypeSpec.Archive:
                if (value is not PropertyValue.Archive)
                    Mismatch("an archive", value, path, problems);
                break;
        }
    }

    private void CheckNamed(TypeSpec.Named named, PropertyValue value, string path, ICollection<PropertyProblem> problems)
    {
        switch (package.FindType(named.Token))
        {
            case EnumSpec allowed when !Accepts(allowed.Kind, value):
                Mismatch(Name(allowed.Kind), value, path, problems);
                break;
            case EnumSpec allowed when value is PropertyValue.Text or PropertyValue.Number && !allowed.Values.Contains(value):
                problems.Add(new PropertyProblem(path, $"must be one of {string.Join(", ", allowed.Values.Select(Show))}, not {Describe(value)}"));
                break;
            case ObjectSpec spec when value is PropertyValue.Map map:
                Check(spec, map.Entries, path, problems);
                break;
            case ObjectSpec:
                Mismatch("an object", value, path, problems);
                break;
        }
    }

    /// <summary>Good when any alternative is; otherwise the complaints of the one that comes nearest.</summary>
    private void CheckOneOf(TypeSpec.OneOf oneOf, PropertyValue value, string path, ICollection<PropertyProblem> problems)
    {
        List<PropertyProblem>? fewest = null;
        foreach (var alternative in oneOf.Alternatives)
        {
            var found = new List<PropertyProblem>();
            CheckValue(alternative, value, path, found);
            if (found.Count == 0)
                return;
            // A complaint about something inside means that at least the kind of value was right.
            if (fewest is null || IsNearer(found, fewest, path))
                fewest = found;
        }
        foreach (var problem in fewest ?? [])
            problems.Add(problem);
    }

    private static bool IsNearer(List<PropertyProblem> found, List<PropertyProblem> than, string path)
    {
        var inside = found.TrueForAll(problem => problem.Path != path);
        var insideThan = than.TrueForAll(problem => problem.Path != path);
        return inside == insideThan ? found.Count < than.Count : inside;
    }

    private bool Accepts(PrimitiveKind kind, PropertyValue value) => (kind, value) switch
    {
        (PrimitiveKind.String, PropertyValue.Text) => true,
        // A custom resource in place of a string means its id.
        (PrimitiveKind.String, PropertyValue.Reference { Id: not null }) => true,
        (PrimitiveKind.String, PropertyValue.Number or PropertyValue.Bool) => coerces,
        (PrimitiveKind.Boolean, PropertyValue.Bool) => true,
        (PrimitiveKind.Boolean, PropertyValue.Text text) => coerces && text.Value is "true" or "false",
        (PrimitiveKind.Number, PropertyValue.Number) => true,
        (PrimitiveKind.Integer, PropertyValue.Number number) => double.IsInteger(number.Value),
        (PrimitiveKind.Number, PropertyValue.Text text) =>
            coerces && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        (PrimitiveKind.Integer, PropertyValue.Text text) =>
            coerces && long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private void Mismatch(string expected, PropertyValue value, string path, ICollection<PropertyProblem> problems) =>
        problems.Add(new PropertyProblem(path, $"must be {expected}, not {Describe(value)}"));

    private static string Name(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.String => "a string",
        PrimitiveKind.Boolean => "a boolean",
        PrimitiveKind.Integer => "a whole number",
        _ => "a number",
    };

    private string Describe(PropertyValue value) => value switch
    {
        PropertyValue.Text or PropertyValue.Number or PropertyValue.Bool => _hidden ? "the given secret" : Show(value),
        PropertyValue.List => "a list",
        PropertyValue.Map => "an object",
        PropertyValue.Asset => "an asset",
        PropertyValue.Archive => "an archive",
        PropertyValue.Reference => "a resource",
        _ => value.GetType().Name,
    };

    private static string Show(PropertyValue value) => value switch
    {
        PropertyValue.Text { Value.Length: > 80 } text => Quote(text.Value[..80] + "..."),
        PropertyValue.Text text => Quote(text.Value),
        PropertyValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        PropertyValue.Bool flag => flag.Value ? "true" : "false",
        _ => value.GetType().Name,
    };

    private static string Quote(string text) => $"\"{text}\"";
}

/// <summary>What is wrong with one property: its path, such as <c>vpcConfig.subnetIds[0]</c>, and the rest of the sentence.</summary>
internal sealed record PropertyProblem(string Path, string Message);
