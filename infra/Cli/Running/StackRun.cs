using HaCluster.Cli.Terminal;
using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Running;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Running;

/// <summary>One run of the program for one stack, ready to start.</summary>
/// <param name="File">The stack file as it was read.</param>
internal sealed record StackRun(ProjectFile Project, StackFile File, StackSettings Settings, DeploymentRequest Request)
{
    // For a program that runs one second, profiling for better code costs more than it saves. Keeping memory from being writable and executable at once, as
    // services need it, takes a seventh of the processor time of a run as short as this (https://github.com/dotnet/runtime/issues/50391).
    private static readonly Dictionary<string, string> ShortRun = new() { ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0" };

    /// <summary>What runs the program: the engine. Tests that ask about the same stack again and again put in its place what remembers results.</summary>
    internal static Func<DeploymentRequest, IProgress<EngineEvent>?, CancellationToken, Task<DeploymentResult>> Engine { get; set; } = EmbeddedEngine.RunAsync;

    /// <summary>Finds the project, the stack's settings and the program.</summary>
    /// <exception cref="UnreadableInputException">A file is missing or malformed.</exception>
    /// <exception cref="RefusedSettingsException">The settings violate the declarations of the project.</exception>
    /// <exception cref="ProgramMissingException">The program is not built.</exception>
    public static StackRun Prepare(StackChoice choice)
    {
        var project = ProjectFile.Find(Directory.GetCurrentDirectory(), ProgramLocation.Checkout);
        if (ProgramLocation.IsPacked(project.Directory))
            project = project with { StackDirectory = Directory.GetCurrentDirectory() };
        var (stack, file) = Choose(project, choice);
        var settings = StackSettings.Merge(project, stack, file);
        var program = ProgramLocation.Find(choice.ProgramPath);
        return new StackRun(project, file, settings, new DeploymentRequest
        {
            Program = new ProgramStart(DotnetHost.Path, [program], WorkingDirectory(project, program)) { Environment = ShortRun },
            Project = project.Name,
            Stack = stack,
            RootDirectory = project.Directory,
            Config = settings.Config,
            ConfigSecretKeys = settings.SecretKeys,
            // A simulated run knows everything that is shown: zones, subnets of node groups, names of objects.
            Mode = RunMode.Simulated,
        });
    }

    /// <summary>The same for a changed text of the stack file.</summary>
    /// <exception cref="UnreadableInputException">The text is malformed.</exception>
    /// <exception cref="RefusedSettingsException">The settings violate the declarations of the project.</exception>
    public StackRun With(string text)
    {
        var file = StackFile.Parse(Settings.StackFilePath, text, Project.Name);
        var settings = StackSettings.Merge(Project, Request.Stack, file);
        return this with { File = file, Settings = settings, Request = Request with { Config = settings.Config, ConfigSecretKeys = settings.SecretKeys } };
    }

    public async Task<DeploymentResult> RunAsync(IProgress<EngineEvent>? progress, CancellationToken cancellationToken)
    {
        var result = await Engine(Request, progress, cancellationToken);
        await Interruption.ThrowIfInterruptedAsync(result.ExitCode, cancellationToken);
        return result;
    }

    private static (string Stack, StackFile File) Choose(ProjectFile project, StackChoice choice)
    {
        if (choice.SettingsPath is not { } path)
        {
            var name = choice.Stack ?? StackChoice.DefaultStack;
            return (name, StackFile.ForStack(project, name));
        }

        var stack = choice.Stack ?? StackFile.StackNamedBy(path) ?? StackChoice.DefaultStack;
        return StackFile.IsStackName(stack)
            ? (stack, StackFile.Read(path, project.Name))
            : throw new UnreadableInputException($"'{stack}' cannot be the name of a stack: letters, digits, '-', '_' and '.' only, at most 100");
    }

    /// <summary>The program's own directory, as Pulumi does. If the project is elsewhere, the directory of the assembly.</summary>
    private static string WorkingDirectory(ProjectFile project, string program) =>
        Directory.Exists(project.Main) ? project.Main : Path.GetDirectoryName(program)!;
}
