using System.Collections.Immutable;
using System.Text;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Emit;

/// <summary>
/// Writes a resource graph as a TypeScript program on the official packages that declares the same graph: every custom resource by its
/// official class, components in the same tree, inputs as literals, dependencies and options as they were.
/// </summary>
public sealed class TypeScriptProgram
{
    private readonly ResourceGraph _graph;
    private readonly Dictionary<string, ResourceNode> _resources;
    private readonly PackageFacts _facts;
    private readonly Identifiers _identifiers = new();
    private readonly ValueWriter _values;
    private readonly OptionsWriter _options;
    private readonly StringBuilder _text = new();

    private TypeScriptProgram(ResourceGraph graph, PackageFacts facts)
    {
        _graph = graph;
        _facts = facts;
        _resources = graph.Resources.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        _values = new ValueWriter(facts, _resources, _identifiers);
        var stack = graph.Resources.Single(resource => resource.Parent is null);
        _options = new OptionsWriter(facts, _identifiers, stack.Urn);
    }

    /// <param name="graph">The graph of a simulated run: a preview has no values to write.</param>
    /// <param name="facts">The schemas of the packages the graph uses.</param>
    public static string Emit(ResourceGraph graph, PackageFacts facts) => new TypeScriptProgram(graph, facts).Emit();

    private string Emit()
    {
        using var prelude = new StreamReader(typeof(TypeScriptProgram).Assembly.GetManifestResourceStream("Prelude.ts")!);
        _text.Append(prelude.ReadToEnd());
        var declared = DependencyOrder.Of(_resources).Where(resource => resource.Parent is not null).ToList();
        foreach (var resource in declared)
            Declare(resource);
        foreach (var component in declared.Where(resource => !resource.IsCustom))
            _text.Append($"\n{_identifiers[component.Urn]}.give({Literals(component.Outputs)});");
        _text.Append($"\n\nexport = {Literals(_graph.Outputs)};\n");
        return _text.ToString();
    }

    private void Declare(ResourceNode resource)
    {
        var name = ValueWriter.Quote(resource.Name);
        var arguments = Arguments(resource);
        var options = _options.Write(resource);
        var expression = resource switch
        {
            { IsCustom: false } => $"new Component({ValueWriter.Quote(resource.Type)}, {name}, {arguments}, {options})",
            { IsRead: true } => Read(resource, name, arguments, options),
            _ => $"new {OfficialClass.Of(resource).Expression}({name}, {arguments}, {options})",
        };
        // The variable exists only now: a resource that refers to itself is an error of the graph.
        _text.Append($"\nconst {_identifiers.Add(resource)} = {expression};");
    }

    private static string Read(ResourceNode resource, string name, string state, string options)
    {
        var id = ValueWriter.Quote(resource.Id ?? throw new NotSupportedException($"{resource.Urn} was read without an id"));
        // Kubernetes classes take no state to narrow the look-up.
        return resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal)
            ? $"{OfficialClass.Of(resource).Expression}.get({name}, {id}, {options})"
            : $"{OfficialClass.Of(resource).Expression}.get({name}, {id}, {state}, {options})";
    }

    private string Arguments(ResourceNode resource)
    {
        var entries = resource.Inputs.Select(input => $"    {ValueWriter.Key(input.Key)}: {Argument(resource, input.Key, input.Value)},\n").ToList();
        return entries.Count == 0 ? "{}" : $"{{\n{string.Concat(entries)}}}";
    }

    private string Argument(ResourceNode resource, string name, PropertyValue value)
    {
        var dependencies = resource.PropertyDependencies.GetValueOrDefault(name, []);
        return _facts.IsJsonEncoded(resource.Type, name)
            ? _values.Dependent(JsonText.Decode(value), dependencies, indent: 1)
            : _values.Dependent(value, dependencies, indent: 1);
    }

    private string Literals(ImmutableSortedDictionary<string, PropertyValue> values) =>
        _values.Literal(new PropertyValue.Map(values), indent: 0);
}
