namespace HaCluster.Engine.Schemas;

/// <summary>The package schemas the engine knows, loaded when first needed.</summary>
internal sealed class SchemaCatalog
{
    /// <summary>The schemas embedded in this assembly. Parsed once per process.</summary>
    public static readonly SchemaCatalog Embedded = new(new Dictionary<string, Func<Stream>>
    {
        ["aws"] = () => Resource("schema.aws.json"),
        ["kubernetes"] = () => Resource("schema.kubernetes.json"),
    });

    private readonly Dictionary<string, Lazy<PackageSchema>> _packages;

    public SchemaCatalog(IReadOnlyDictionary<string, Func<Stream>> packages) =>
        _packages = packages.ToDictionary(
            package => package.Key,
            package => new Lazy<PackageSchema>(() =>
            {
                using var json = package.Value();
                return PackageSchema.Parse(json);
            }),
            StringComparer.Ordinal);

    public IEnumerable<string> Packages => _packages.Keys;

    public PackageSchema? Find(string package) => _packages.TryGetValue(package, out var schema) ? schema.Value : null;

    /// <summary>Parses all of them, for a caller that has the time before they are needed.</summary>
    public void Load()
    {
        foreach (var package in _packages.Values)
            _ = package.Value;
    }

    private static Stream Resource(string name) => typeof(SchemaCatalog).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"the assembly does not contain its embedded resource {name}");
}
