using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>The resource classes of the program and of what it references, by type token.</summary>
internal static class ResourcePackages
{
    private static readonly Lazy<ILookup<string, (string? Version, Type Type)>> Types = new(Discover);

    /// <summary>Makes an instance of the class for a resource that exists, if there is one; its state is read from the engine.</summary>
    public static Resource? TryConstruct(string urn, string? version)
    {
        if (FindType(Urn.Type(urn), version) is not { } type)
            return null;

        var constructor = type.GetConstructors().Single(candidate => candidate.GetParameters().Length == 3);
        ResourceOptions options = type.IsAssignableTo(typeof(CustomResource))
            ? new CustomResourceOptions { Urn = urn }
            : new ComponentResourceOptions { Urn = urn };
        return (Resource)constructor.Invoke([Urn.Name(urn), null, options]);
    }

    /// <summary>The newest class of the version's major that is not older; any class if no version is given.</summary>
    public static Type? FindType(string typeToken, string? version)
    {
        var wanted = string.IsNullOrEmpty(version) ? null : PackageVersion.Parse(version);
        return Types.Value[typeToken]
            .Select(candidate => (
                candidate.Type,
                Version: string.IsNullOrEmpty(candidate.Version) ? wanted ?? PackageVersion.Zero : PackageVersion.Parse(candidate.Version)))
            .Where(candidate => wanted is null
                || (candidate.Version.Major == wanted.Major && candidate.Version.CompareTo(wanted) >= 0))
            .OrderByDescending(candidate => candidate.Version)
            .Select(candidate => candidate.Type)
            .FirstOrDefault();
    }

    private static ILookup<string, (string? Version, Type Type)> Discover()
        => (from assembly in ReferencedAssemblies()
            where MayDeclareResources(assembly)
            from type in assembly.GetTypes()
            where type.IsAssignableTo(typeof(Resource))
            let attribute = type.GetCustomAttribute<ResourceTypeAttribute>()
            where attribute is not null
            select (attribute.Type, Item: (attribute.Version, type))).ToLookup(found => found.Type, found => found.Item);

    // Assemblies load when first used: what is only referenced so far must be loaded too.
    private static IEnumerable<Assembly> ReferencedAssemblies()
    {
        var seen = new HashSet<string>();
        var toVisit = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => IsOfInterest(assembly.GetName())));
        while (toVisit.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly.FullName!))
                continue;
            yield return assembly;
            foreach (var reference in assembly.GetReferencedAssemblies().Where(IsOfInterest))
                toVisit.Enqueue(Assembly.Load(reference));
        }
    }

    private static bool IsOfInterest(AssemblyName name)
        => !name.FullName.StartsWith("System", StringComparison.Ordinal) && name.ContentType != AssemblyContentType.WindowsRuntime;

    private static bool MayDeclareResources(Assembly assembly)
    {
        var sdk = typeof(Resource).Assembly.GetName().Name;
        return !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(reference => reference.Name == sdk);
    }
}
