using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>A resource or provider with its arguments and the state of a lookup.</summary>
internal sealed class ResourceEmitter
{
    private const string Options = "CustomResourceOptions";

    private readonly PackageContext _context;
    private readonly ResourceSchema _resource;
    private readonly Token _token;
    private readonly string _name;
    private readonly string _argsNamespace;
    private readonly string _args;
    private readonly CodeWriter _writer = new();

    private ResourceEmitter(PackageContext context, ResourceSchema resource)
    {
        _context = context;
        _resource = resource;
        _token = new Token(resource.Token);
        _name = resource.IsProvider ? "Provider" : _token.Name;
        _argsNamespace = context.Package.IsKubernetes && !resource.IsProvider
            ? context.Namespaces.OfNested(_token, "Inputs")
            : context.Namespaces.Of(_token);
        _args = $"global::{_argsNamespace}.{_name}Args";
    }

    public static CodeWriter Emit(PackageContext context, ResourceSchema resource) => new ResourceEmitter(context, resource).Emit();

    private bool IsKubernetes => _context.Package.IsKubernetes;

    // Resources of Kubernetes accept no arguments even where one is required.
    private bool ArgsAreOptional => IsKubernetes || !_resource.Inputs.Any(property => property.IsRequired);

    private string BaseToken => CSharpText.Literal(_resource.IsProvider ? _context.Package.Name : _token.Text);

    private CodeWriter Emit()
    {
        _writer.Begin($"namespace {_context.Namespaces.Of(_token)}");
        _writer.Line($"[global::{_context.Namespaces.Root}.{_context.Namespaces.PackageName}ResourceType({CSharpText.Literal(_token.Text)})]");
        _writer.Open($"public partial class {_name} : {BaseClass()}");
        EmitOutputs();
        EmitConstructors();
        EmitMakeArgs();
        EmitMakeOptions();
        EmitGet();
        _writer.End();
        _writer.End();

        _writer.Begin($"namespace {_argsNamespace}");
        var inputs = new InputClassEmitter(_context);
        inputs.Emit(_writer, $"{_name}Args", "ResourceArgs", _resource.Inputs, TypeUse.Input, _resource.IsProvider);
        if (_resource.State is not null)
            inputs.Emit(_writer, $"{_name}State", "ResourceArgs", _resource.State, TypeUse.State);

        return _writer.End();
    }

    private string BaseClass()
    {
        if (_resource.IsProvider)
            return "global::Pulumi.ProviderResource";

        return IsKubernetes ? $"global::{_context.Namespaces.Root}.KubernetesResource" : "global::Pulumi.CustomResource";
    }

    private void EmitOutputs()
    {
        var outputs = new OutputClassEmitter(_context);
        foreach (var property in _resource.Outputs)
        {
            _writer.Obsolete(property).Line($"[Output({CSharpText.Literal(property.Name)})]");
            _writer.Line($"public Output<{outputs.TypeOf(property)}> {property.CSharpName} {{ get; private set; }} = null!;").Line();
        }
    }

    private void EmitConstructors()
    {
        var parameter = ArgsAreOptional ? $"{_args}? args = null" : $"{_args} args";
        var args = HasConstants ? "MakeArgs(args)" : $"args ?? new {_args}()";
        _writer.Line($"public {_name}(string name, {parameter}, {Options}? options = null)");
        _writer.Line($"    : base({BaseToken}, name, {args}, MakeResourceOptions(options, \"\"))");
        _writer.Line("{").Line("}").Line();
        if (_resource.IsProvider)
            return;

        var state = _resource.State is null ? "" : $"{_name}State? state = null, ";
        _writer.Line($"private {_name}(string name, Input<string> id, {state}{Options}? options = null)");
        _writer.Line($"    : base({BaseToken}, name, {(_resource.State is null ? "null" : "state")}, MakeResourceOptions(options, id))");
        _writer.Line("{").Line("}").Line();
    }

    private bool HasConstants => _resource.Inputs.Any(property => property.Constant is not null);

    private void EmitMakeArgs()
    {
        if (!HasConstants)
            return;

        _writer.Open($"private static {_args} MakeArgs({_args}? args)");
        _writer.Line($"args ??= new {_args}();");
        foreach (var property in _resource.Inputs.Where(property => property.Constant is not null))
            _writer.Line($"args.{property.CSharpName} = {property.Constant};");

        _writer.Line("return args;").End().Line();
    }

    private void EmitMakeOptions()
    {
        _writer.Open($"private static {Options} MakeResourceOptions({Options}? options, Input<string>? id)");
        _writer.Open($"var defaults = new {Options}");
        _writer.Line("Version = global::" + _context.Namespaces.Root + ".Utilities.Version,");
        EmitList("Aliases", [.. _resource.AliasTypes.Select(type => $"new global::Pulumi.Alias {{ Type = {CSharpText.Literal(type)} }}")]);
        EmitList("AdditionalSecretOutputs", Names(property => property.IsSecret));
        EmitList("ReplaceOnChanges", Names(property => property.ReplaceOnChanges));
        _writer.End("};");
        _writer.Line($"var merged = {Options}.Merge(defaults, options);");
        _writer.Line("merged.Id = id ?? merged.Id;");
        _writer.Line("return merged;");
        _writer.End();
    }

    private string[] Names(Func<PropertySchema, bool> isWanted)
        => [.. _resource.Outputs.Where(isWanted).Select(property => CSharpText.Literal(property.Name))];

    private void EmitList(string option, string[] items)
    {
        if (items.Length == 0)
            return;

        _writer.Open($"{option} =");
        foreach (var item in items)
            _writer.Line($"{item},");

        _writer.End("},");
    }

    private void EmitGet()
    {
        if (_resource.IsProvider)
            return;

        var hasState = _resource.State is not null;
        _writer.Line();
        _writer.Line($"public static {_name} Get(string name, Input<string> id, {(hasState ? $"{_name}State? state = null, " : "")}{Options}? options = null)");
        _writer.Line($"    => new {_name}(name, id, {(hasState ? "state, " : "")}options);");
    }
}
