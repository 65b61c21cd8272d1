using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Stacks;

namespace HaCluster.Tests.Shared;

/// <summary>A stack of this checkout, declared by the program itself with simulated outputs.</summary>
internal static class StackRun
{
    public static async Task<(ResourceGraph Graph, StackSettings Settings)> OfAsync(string stack)
    {
        var project = ProjectFile.Find(AppContext.BaseDirectory, fallback: null);
        var settings = StackSettings.Merge(project, stack, StackFile.ForStack(project, stack));
        var result = await EmbeddedEngine.RunAsync(new DeploymentRequest
        {
            Program = new ProgramStart("dotnet", [BuiltStack.Program], BuiltStack.Directory),
            Project = project.Name,
            Stack = stack,
            RootDirectory = project.Directory,
            Config = settings.Config,
            ConfigSecretKeys = settings.SecretKeys,
            Mode = RunMode.Simulated,
            SilenceLimit = Waiting.Limit,
        });
        Assert.True(
            result.Outcome == ProgramOutcome.Succeeded,
            $"{stack}: {result.Outcome}\n{string.Join('\n', result.Diagnostics)}\n{string.Join('\n', result.ProgramOutput)}");
        return (result.Graph, settings);
    }
}
