namespace HaCluster.Conformance.Emit;

/// <summary>Where things are in the repository that this build came from.</summary>
public static class Checkout
{
    public static string Root => Repository.Root;

    public static string Typings => Path.Combine(Root, "infra", "Sdk", "Typings");

    /// <summary>The schemas of the two packages, as <see cref="PackageFacts"/> reads them.</summary>
    public static string[] Schemas =>
    [
        Path.Combine(Root, "infra", "Sdk", "Pulumi.Aws", "schema.json"),
        Path.Combine(Root, "infra", "Sdk", "Pulumi.Kubernetes", "schema.json"),
    ];
}
