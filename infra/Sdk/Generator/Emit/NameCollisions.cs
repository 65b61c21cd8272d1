using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>
/// Finds name collisions that C# would refuse, and reports their position in the schema and the fix: such properties have a name of
/// their own in the official packages, which only a person can look up.
/// </summary>
internal static class NameCollisions
{
    /// <exception cref="SchemaException">A property would have the name of its class or of another property.</exception>
    public static void Check(PackageContext context)
    {
        if (context.Package.Provider is { } provider)
            CheckResource(provider, "Provider");

        foreach (var resource in context.Package.Resources)
            CheckResource(resource, new Token(resource.Token).Name);

        foreach (var type in context.Package.Types.Values)
            CheckMembers(type.Token, new Token(type.Token).Name, type.Properties);
    }

    private static void CheckResource(ResourceSchema resource, string className)
    {
        CheckMembers(resource.Token, className, resource.Outputs);
        CheckMembers(resource.Token, $"{className}Args", resource.Inputs);
    }

    private static void CheckMembers(string token, string className, IEnumerable<PropertySchema> properties)
    {
        var names = new HashSet<string> { className };
        foreach (var property in properties)
        {
            if (!names.Add(property.CSharpName))
            {
                throw new SchemaException(SchemaDiagnostics.NameCollision, property.Position,
                    $"{token}: the property '{property.Name}' and another member would both be {className}.{property.CSharpName};"
                    + " give it the C# name that the official package has, as language.csharp.name");
            }
        }
    }
}
