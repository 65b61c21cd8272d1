using Mono.Cecil;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>Which folders of an assembly use which, read from what was compiled: calls, fields, signatures and attributes; constants leave no trace.</summary>
internal sealed class Folders
{
    private readonly string _root;
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];

    /// <param name="assembly">Its file.</param>
    /// <param name="root">The namespace of the project: the part behind it is the folder.</param>
    public Folders(string assembly, string root)
    {
        _root = root + ".";
        using var module = ModuleDefinition.ReadModule(assembly);
        foreach (var type in module.Types)
        {
            if (FolderOf(type) is not { } folder)
                continue;
            foreach (var used in TypesOf(type).SelectMany(Within).Select(FolderOf).OfType<string>().Where(used => used != folder))
            {
                if (!_uses.TryGetValue((folder, used), out var types))
                    _uses[(folder, used)] = types = new SortedSet<string>(StringComparer.Ordinal);
                types.Add(type.Name);
            }
        }
    }

    /// <summary>Two folders that use each other: <c>A, B</c>, in alphabetical order.</summary>
    public IEnumerable<string> Pairs => _uses.Keys.Where(use => string.CompareOrdinal(use.From, use.To) < 0 && _uses.ContainsKey((use.To, use.From))).Select(use => $"{use.From}, {use.To}").Order(StringComparer.Ordinal);

    /// <summary>What a folder uses, with the types that do.</summary>
    public IEnumerable<string> UsedBy(string folder) => _uses.Where(use => use.Key.From == folder).Select(use => $"{use.Key.To} by {string.Join(", ", use.Value)}");

    public string Describe(string pair)
    {
        var (one, other) = (pair.Split(", ")[0], pair.Split(", ")[1]);
        return $"{one} uses {other} in {string.Join(", ", _uses[(one, other)])}; {other} uses {one} in {string.Join(", ", _uses[(other, one)])}";
    }

    private string? FolderOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Namespace.StartsWith(_root, StringComparison.Ordinal) ? type.Namespace[_root.Length..].Split('.')[0] : null;
    }

    private static IEnumerable<TypeReference> TypesOf(TypeDefinition type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Array.Empty<TypeReference>(), .. type.Interfaces.Select(one => one.InterfaceType), .. Attributes(type), .. Constraints(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)), .. type.Properties.SelectMany(Attributes), .. type.Methods.SelectMany(TypesOf), .. type.NestedTypes.SelectMany(TypesOf),
    ];

    private static IEnumerable<TypeReference> TypesOf(MethodDefinition method) =>
    [
        method.ReturnType, .. method.Parameters.Select(one => one.ParameterType), .. Attributes(method), .. Constraints(method),
        .. method.HasBody ? method.Body.Variables.Select(one => one.VariableType).Concat(method.Body.Instructions.SelectMany(one => TypesOf(one.Operand))) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(one => one.CatchType).OfType<TypeReference>() : [],
    ];

    private static IEnumerable<TypeReference> TypesOf(object operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. TypesOf(method.ElementMethod), .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(one => one.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider member) => member.HasCustomAttributes ? member.CustomAttributes.Select(one => one.AttributeType) : [];

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider member) => member.GenericParameters.SelectMany(one => one.Constraints).Select(one => one.ConstraintType);

    /// <summary>A type and those that it is made of.</summary>
    private static IEnumerable<TypeReference> Within(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Within).Append(generic.ElementType),
        TypeSpecification made => Within(made.ElementType),
        _ => [type],
    };
}
