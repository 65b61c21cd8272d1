namespace HaCluster.Conformance.Emit;

/// <summary>The official npm packages, installed by <c>npm ci</c> in <c>infra/Sdk/Typings</c>, and the Node that runs them.</summary>
public static class NodePackages
{
    public static string Directory { get; } = Path.Combine(Checkout.Typings, "node_modules");

    /// <summary>The path of <c>node</c>; null when it is not on the PATH.</summary>
    public static string? Node { get; } = Programs.Find("node");

    /// <summary>Why nothing of this can run here, and what to do; null when all is there.</summary>
    public static string? Missing { get; } =
        Node is null ? "needs Node.js on the PATH"
        : Wanted.FirstOrDefault(package => !File.Exists(Path.Combine(Directory, package, "package.json"))) is { } absent
            ? $"needs the npm package {absent}: run `npm ci` in infra/Sdk/Typings"
            : null;

    private static string[] Wanted => ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/kubernetes", "typescript"];
}
