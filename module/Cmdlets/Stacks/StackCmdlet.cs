using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>A cmdlet that asks the files of a stack. No cluster has to exist.</summary>
public abstract class StackCmdlet : HaCmdlet
{
    /// <summary>Name of the stack, as in Pulumi.NAME.yaml.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string Stack { get; set; } = "prod";

    /// <summary>The folder with Pulumi.yaml, or one below it. Default: the current one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    private protected string ProjectFolder => ProjectDirectory is null
        ? WorkingDirectory ?? throw Errors.InvalidInput(SessionState.Path.CurrentLocation.Path, "the current location is not a folder", "Go to one, or give -ProjectDirectory")
        : GetUnresolvedProviderPathFromPSPath(ProjectDirectory);

    private protected HaTool Tool() => new(ToolLocation.Find(), ProjectFolder);

    private protected StackProject Project() => StackProject.Find(ProjectFolder);

    /// <summary>Runs a command of <c>ha</c> for the stack, and reads its document.</summary>
    private protected async Task<T> ReadAsync<T>(string phase, string format, Func<System.Text.Json.JsonElement, T> read, params string[] arguments)
    {
        ShowProgress(MyInvocation.MyCommand.Name + " " + Stack, phase);
        WriteVerbose($"ha {string.Join(' ', arguments)} --stack {Stack} -o json");
        var document = await Beside(token => Tool().ReadAsync(format, [.. arguments, "--stack", Stack], token));
        EndProgress();
        return read(document);
    }
}
