using System.Collections.Concurrent;
using HaCluster.Engine;
using HaCluster.Planning.Stacks;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Tests.World;

/// <summary>The plan of a stack of this checkout, from a run of the program itself; made once a stack.</summary>
internal static class PlannedStack
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<WorldPlan>>> Known = new(StringComparer.Ordinal);

    public static Task<WorldPlan> Of(string stack) => Of(stack, project => StackFile.ForStack(project, stack));

    /// <summary>The same of settings that are no file of this checkout.</summary>
    public static Task<WorldPlan> Of(string stack, string settings) => Of(stack, project => StackFile.Parse($"Pulumi.{stack}.yaml", settings, project.Name));

    private static Task<WorldPlan> Of(string stack, Func<ProjectFile, StackFile> read) => Known.GetOrAdd(stack, _ => new Lazy<Task<WorldPlan>>(() => RunAsync(stack, read))).Value;

    private static async Task<WorldPlan> RunAsync(string stack, Func<ProjectFile, StackFile> read)
    {
        var project = ProjectFile.Find(AppContext.BaseDirectory, fallback: null);
        var settings = StackSettings.Merge(project, stack, read(project));
        var result = await EmbeddedEngine.RunAsync(new DeploymentRequest
        {
            Program = new ProgramStart("dotnet", [BuiltStack.Program], BuiltStack.Directory),
            Project = project.Name,
            Stack = stack,
            RootDirectory = project.Directory,
            Config = settings.Config,
            ConfigSecretKeys = settings.SecretKeys,
            Mode = HaCluster.Engine.Graph.RunMode.Simulated,
            SilenceLimit = Waiting.Limit,
        });
        Assert.True(
            result.Outcome == ProgramOutcome.Succeeded,
            $"{stack}: {result.Outcome}\n{string.Join('\n', result.Diagnostics)}\n{string.Join('\n', result.ProgramOutput)}");
        return WorldPlan.Of(result.Graph, settings);
    }
}
