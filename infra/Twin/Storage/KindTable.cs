namespace HaCluster.Twin.Storage;

/// <summary>The kinds that the server knows: those of <c>kinds.csv</c>, and those that CustomResourceDefinitions add and remove while it runs.</summary>
public sealed class KindTable
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<ResourceKind> _all = [.. Read()];

    /// <summary>Raised after kinds came or went, while the store is locked.</summary>
    public event Action? Changed;

    public IReadOnlyList<ResourceKind> All => _all;

    /// <summary>The kind by its plural: <c>table["pods"]</c>, <c>table["deployments.apps"]</c>. The first version wins.</summary>
    /// <exception cref="KeyNotFoundException">No such kind.</exception>
    public ResourceKind this[string resource] =>
        _all.FirstOrDefault(kind => kind.Resource == resource) ?? throw new KeyNotFoundException($"No kind is registered for the resource {resource}.");

    public ResourceKind? Find(string group, string version, string plural) =>
        _all.FirstOrDefault(kind => kind.Plural == plural && kind.Group == group && kind.Version == version);

    public ResourceKind? FindByKind(string apiVersion, string kind) => _all.FirstOrDefault(row => row.Kind == kind && row.ApiVersion == apiVersion);

    /// <summary>Replaces all versions of a resource; an empty list removes it.</summary>
    public void Replace(string resource, IEnumerable<ResourceKind> versions)
    {
        lock (_gate)
            _all = [.. _all.Where(kind => kind.Resource != resource), .. versions];
        Changed?.Invoke();
    }

    private static IEnumerable<ResourceKind> Read()
    {
        using var stream = typeof(KindTable).Assembly.GetManifestResourceStream("kinds.csv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split(',') is [var group, var version, var kind, var plural, var scope, var shortNames, var categories, var subresources, var flags])
            {
                yield return new ResourceKind
                {
                    Group = group,
                    Version = version,
                    Kind = kind,
                    Plural = plural,
                    Namespaced = scope == "N",
                    ShortNames = Words(shortNames),
                    Categories = Words(categories),
                    Subresources = Words(subresources),
                    HasGeneration = flags == "generation",
                    IsVirtual = flags == "virtual",
                };
            }
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
