using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Stacks;

namespace HaCluster.Conformance.Emit;

/// <summary>Runs for the stacks of this repository: the C# program, or another one in its place.</summary>
public static class StackProgram
{
    /// <summary>The program as it was built, in the same configuration as this assembly.</summary>
    public static ProgramStart Start { get; } = new("dotnet", [Assembly], Path.GetDirectoryName(Assembly)!);

    private static string Assembly
    {
        get
        {
            // .../bin/CONFIGURATION/FRAMEWORK/
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Checkout.Root, "infra", "Stack", "bin", output.Parent!.Name, output.Name, "Stack.dll");
        }
    }

    /// <summary>Settings that no stack of this repository has, for what would else be seen by nobody.</summary>
    private static string Variants => Path.Combine(Checkout.Root, "tests", "Conformance", "Stacks");

    /// <summary>A run of the stack, or of a variant, with its settings file, answered as if everything had been created.</summary>
    public static DeploymentRequest Request(string stack, ProgramStart program)
    {
        var project = ProjectFile.Find(Checkout.Root, fallback: null);
        var settings = StackSettings.Merge(project, stack, FileOf(project, stack));
        return new DeploymentRequest
        {
            Program = program,
            Project = project.Name,
            Stack = stack,
            RootDirectory = project.Directory,
            Config = settings.Config,
            ConfigSecretKeys = settings.SecretKeys,
            Mode = RunMode.Simulated,
            SilenceLimit = Waiting.Limit,
        };
    }

    private static StackFile FileOf(ProjectFile project, string stack)
    {
        var variant = Path.Combine(Variants, $"Pulumi.{stack}.yaml");
        return File.Exists(variant) ? StackFile.Read(variant, project.Name) : StackFile.ForStack(project, stack);
    }
}
