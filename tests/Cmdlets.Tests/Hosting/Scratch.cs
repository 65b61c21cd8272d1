namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>A folder of one test, with a Pulumi project in it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ha-cmdlets-").FullName;

    /// <summary>The project file of this repository, and one of its stacks.</summary>
    public static Scratch Project(string stack = "prod")
    {
        var scratch = new Scratch();
        File.Copy(System.IO.Path.Combine(Checkout.Root, "Pulumi.yaml"), scratch.At("Pulumi.yaml"));
        File.Copy(System.IO.Path.Combine(Checkout.Root, $"Pulumi.{stack}.yaml"), scratch.At($"Pulumi.{stack}.yaml"));
        return scratch;
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
