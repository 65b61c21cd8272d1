namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>A folder of one test with a Pulumi project in it.</summary>
internal static class ProjectFolder
{
    /// <summary>The project file of this repository, and one of its stacks.</summary>
    public static Scratch Of(string stack = "prod")
    {
        var scratch = new Scratch();
        foreach (var file in new[] { "Pulumi.yaml", $"Pulumi.{stack}.yaml" })
            File.Copy(Path.Combine(Checkout.Root, file), scratch.At(file));
        return scratch;
    }
}
