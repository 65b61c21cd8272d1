using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>All source files of a package.</summary>
internal static class PackageEmitter
{
    /// <returns>File name and text of each; the order is stable.</returns>
    /// <exception cref="SchemaException">Two members of a class would have the same name.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Emit(PackageSchema package)
    {
        var context = new PackageContext(package);
        NameCollisions.Check(context);

        yield return File($"{context.Namespaces.Root}.Utilities", UtilitiesEmitter.Emit(context));
        if (package.Provider is not null)
            yield return File($"{context.Namespaces.Root}.Provider", ResourceEmitter.Emit(context, package.Provider));

        foreach (var resource in package.Resources)
            yield return File(context, resource.Token, ResourceEmitter.Emit(context, resource));

        foreach (var function in package.Functions)
            yield return File(context, function.Token, FunctionEmitter.Emit(context, function));

        var resourceArgs = package.IsKubernetes ? new HashSet<string>(package.Resources.Select(resource => resource.Token)) : [];
        var inputs = new NestedTypesEmitter(context, resourceArgs);
        foreach (var module in package.Types.Values.GroupBy(type => context.Namespaces.OfNested(new Token(type.Token), "Inputs")))
            yield return File(module.Key, inputs.EmitInputs(module.Key, module));

        foreach (var module in package.Types.Values.GroupBy(type => context.Namespaces.OfNested(new Token(type.Token), "Outputs")))
            yield return File(module.Key, inputs.EmitOutputs(module.Key, module));

        foreach (var enumeration in package.Enums)
            yield return File(context, enumeration.Token, EnumEmitter.Emit(context, enumeration));
    }

    private static KeyValuePair<string, string> File(PackageContext context, string token, CodeWriter writer)
        => File($"{context.Namespaces.Of(new Token(token))}.{new Token(token).Name}", writer);

    private static KeyValuePair<string, string> File(string name, CodeWriter writer) => new($"{name}.g.cs", writer.ToString());
}
