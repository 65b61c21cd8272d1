using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Typing;

/// <summary>Where the class of a token lives.</summary>
internal sealed class Namespaces(PackageSchema package)
{
    /// <summary>The namespace of the package: <c>Pulumi.Aws</c>.</summary>
    public string Root { get; } = $"Pulumi.{NameOf(package, package.Name)}";

    /// <summary>The capitalised name of the package: <c>Aws</c>.</summary>
    public string PackageName { get; } = NameOf(package, package.Name);

    /// <summary>The namespace of resources, functions and enumerations.</summary>
    public string Of(Token token)
    {
        var module = Module(token);
        return module.Length == 0 ? Root : $"{Root}.{NameOf(package, module)}";
    }

    /// <summary>The namespace of nested types.</summary>
    /// <param name="qualifier"><c>Inputs</c> or <c>Outputs</c>.</param>
    public string OfNested(Token token, string qualifier)
        => package.IsKubernetes ? $"{Root}.Types.{qualifier}.{NameOf(package, Module(token))}" : $"{Of(token)}.{qualifier}";

    private string Module(Token token)
    {
        if (token.IsProvider)
            return "";

        var match = package.ModuleFormat.Match(token.Module);
        var module = match.Success && match.Groups.Count > 1 ? match.Groups[1].Value : token.Module;
        return module == "index" ? "" : module;
    }

    private static string NameOf(PackageSchema package, string module)
        => package.Namespaces.TryGetValue(module, out var known)
            ? known
            : string.Join(".", module.Split('/').Select(part => Identifiers.Capitalise(Identifiers.WithoutHyphens(part))));
}
