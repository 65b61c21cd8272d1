namespace HaCluster.Conformance.Emit;

/// <summary>Where things are in the repository that this build came from.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    public static string Typings => Path.Combine(Root, "infra", "Sdk", "Typings");

    /// <summary>The schemas of the two packages, as <see cref="PackageFacts"/> reads them.</summary>
    public static string[] Schemas =>
    [
        Path.Combine(Root, "infra", "Sdk", "Pulumi.Aws", "schema.json"),
        Path.Combine(Root, "infra", "Sdk", "Pulumi.Kubernetes", "schema.json"),
    ];

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Infra.sln")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"no Infra.sln above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
