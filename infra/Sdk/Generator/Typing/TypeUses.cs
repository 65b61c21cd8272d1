using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Typing;

/// <summary>The roles in which each nested type of a package is reached.</summary>
internal sealed class TypeUses
{
    private readonly PackageSchema _package;
    private readonly Dictionary<string, HashSet<TypeUse>> _uses = [];

    public TypeUses(PackageSchema package)
    {
        _package = package;
        foreach (var resource in package.Resources)
            AddResource(resource);

        if (package.Provider is not null)
            AddResource(package.Provider);

        foreach (var function in package.Functions)
        {
            Add(function.Inputs, TypeUse.PlainInput);
            Add(function.Inputs, TypeUse.FunctionInput);
            Add(function.Outputs, TypeUse.Output);
            MarkFunctionResults(function.Outputs, []);
        }
    }

    /// <summary>Tokens of types that functions give back: their class names end in <c>Result</c>.</summary>
    public HashSet<string> FunctionResults { get; } = [];

    public bool Has(string token, TypeUse use) => _uses.TryGetValue(token, out var uses) && uses.Contains(use);

    private void AddResource(ResourceSchema resource)
    {
        Add(resource.Inputs, TypeUse.Input);
        Add(resource.Outputs, TypeUse.Output);
        if (resource.State is not null)
        {
            Add(resource.State, TypeUse.Input);
            Add(resource.State, TypeUse.State);
        }
    }

    private void Add(IEnumerable<PropertySchema> properties, TypeUse use)
    {
        foreach (var property in properties)
            Add(property.Type, use);
    }

    private void Add(PropertyType type, TypeUse use)
    {
        foreach (var token in ObjectTokens(type))
        {
            if (!_uses.TryGetValue(token, out var uses))
                _uses.Add(token, uses = []);

            if (uses.Add(use))
                Add(_package.Types[token].Properties, use);
        }
    }

    private void MarkFunctionResults(IEnumerable<PropertySchema> properties, HashSet<string> seen)
    {
        foreach (var property in properties)
        {
            foreach (var token in ObjectTokens(property.Type))
            {
                if (seen.Add(token))
                {
                    FunctionResults.Add(token);
                    MarkFunctionResults(_package.Types[token].Properties, seen);
                }
            }
        }
    }

    private static IEnumerable<string> ObjectTokens(PropertyType type)
    {
        switch (type)
        {
            case PropertyType.Object nested:
                return [nested.Token];
            case PropertyType.Array array:
                return ObjectTokens(array.Element);
            case PropertyType.Map map:
                return ObjectTokens(map.Element);
            case PropertyType.Union union:
                var tokens = new List<string>();
                foreach (var element in union.Elements)
                    tokens.AddRange(ObjectTokens(element));
                return tokens;
            default:
                return [];
        }
    }
}
