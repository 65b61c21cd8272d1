using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Validation;

/// <summary>Checks registrations, reads and invokes against the schema of their package, as the real provider would in its <c>Check</c>.</summary>
internal sealed class ResourceValidator(SchemaCatalog catalog)
{
    private static readonly ImmutableArray<string> KubernetesObjectProperties = ["apiVersion", "kind", "metadata"];

    /// <returns>Empty when the registration is fine. A problem with the type itself has the empty path.</returns>
    public IReadOnlyList<PropertyProblem> CheckInputs(string type, ImmutableSortedDictionary<string, PropertyValue> inputs)
    {
        var problems = new List<PropertyProblem>();
        if (TypeToken.IsProvider(type))
            CheckProvider(type, inputs, problems);
        else if (FindResource(type, problems) is var (package, spec))
            new ValueValidator(package, Coerces(package)).Check(spec.Inputs, inputs, "", problems);
        else if (problems.Count == 0)
            CheckCustomObject(type, inputs, problems);
        return problems;
    }

    /// <summary>What a program gives with a read are hints about the state: none is required, but each must be an output of the type.</summary>
    public IReadOnlyList<PropertyProblem> CheckState(string type, ImmutableSortedDictionary<string, PropertyValue> state)
    {
        var problems = new List<PropertyProblem>();
        if (FindResource(type, problems) is var (package, spec))
        {
            var outputs = new ObjectSpec(spec.Outputs.Properties, FrozenSet<string>.Empty);
            new ValueValidator(package, Coerces(package)).Check(outputs, state, "", problems);
        }
        return problems;
    }

    /// <summary>Null if the package does not have the function.</summary>
    public IReadOnlyList<PropertyProblem>? CheckArguments(string function, ImmutableSortedDictionary<string, PropertyValue> arguments)
    {
        if (catalog.Find(TypeToken.Package(function)) is not { } package || package.FindFunctionInputs(function) is not { } inputs)
            return null;
        var problems = new List<PropertyProblem>();
        new ValueValidator(package, Coerces(package)).Check(inputs, arguments, "", problems);
        return problems;
    }

    /// <summary>The specification of a type; null for objects of custom resource definitions and for anything unknown.</summary>
    public ResourceSpec? Find(string type) => FindResource(type, [])?.Spec;

    private (PackageSchema Package, ResourceSpec Spec)? FindResource(string type, List<PropertyProblem> problems)
    {
        if (!TypeToken.IsValid(type))
        {
            problems.Add(new PropertyProblem("", $"its type '{type}' does not have the form package:module:Name"));
            return null;
        }
        if (catalog.Find(TypeToken.Package(type)) is not { } package)
        {
            problems.Add(new PropertyProblem("", $"its type '{type}' is in a package that the embedded engine does not know; it knows {string.Join(", ", catalog.Packages)}"));
            return null;
        }
        if (package.FindResource(type) is { } spec)
            return (package, spec);
        if (!TypeToken.IsKubernetesCustomResource(type))
            problems.Add(new PropertyProblem("", $"its type '{type}' is not in the schema of {package.Name} {package.Version}{NearestName.Hint(type, package.ResourceTokens)}"));
        return null;
    }

    private void CheckProvider(string type, ImmutableSortedDictionary<string, PropertyValue> inputs, List<PropertyProblem> problems)
    {
        var name = TypeToken.ManagedPackage(type);
        if (catalog.Find(name) is { } package)
            new ValueValidator(package, coerces: true).Check(package.Provider.Inputs, ParseNested(package.Provider.Inputs, inputs), "", problems);
        else
            problems.Add(new PropertyProblem("", $"it is a provider for package '{name}', which the embedded engine does not know; it knows {string.Join(", ", catalog.Packages)}"));
    }

    /// <summary>Nested provider settings travel as JSON text, since provider configuration knows only strings.</summary>
    private static ImmutableSortedDictionary<string, PropertyValue> ParseNested(
        ObjectSpec spec, ImmutableSortedDictionary<string, PropertyValue> inputs)
    {
        foreach (var (name, value) in inputs)
        {
            if (!spec.Properties.TryGetValue(name, out var property) || property.Type is TypeSpec.Primitive { Kind: PrimitiveKind.String } || value.AsText() is not { } text)
                continue;
            // A text that is not JSON is kept: the bridge may coerce it, or the type check reports it.
            if (PropertyValueJson.TryParse(text) is { } parsed)
                inputs = inputs.SetItem(name, value.IsSecret() ? new PropertyValue.Secret(parsed) : parsed);
        }
        return inputs;
    }

    private static void CheckCustomObject(string type, ImmutableSortedDictionary<string, PropertyValue> inputs, List<PropertyProblem> problems)
    {
        foreach (var required in KubernetesObjectProperties)
        {
            if (!inputs.ContainsKey(required))
                problems.Add(new PropertyProblem(required, "is required but missing"));
        }
        if (inputs.GetValueOrDefault("metadata")?.Unwrap() is not (null or PropertyValue.Map or PropertyValue.Unknown))
            problems.Add(new PropertyProblem("metadata", "must be an object"));
        var parts = type.Split(':');
        Expect("apiVersion", parts[1]);
        Expect("kind", parts[2]);

        void Expect(string property, string expected)
        {
            switch (inputs.GetValueOrDefault(property)?.Unwrap())
            {
                case null or PropertyValue.Unknown:
                    break;
                case PropertyValue.Text { Value: var given } when given == expected:
                    break;
                default:
                    problems.Add(new PropertyProblem(property, $"must be \"{expected}\", because the type is '{type}'"));
                    break;
            }
        }
    }

    private static bool Coerces(PackageSchema package) => package.Name != "kubernetes";
}
