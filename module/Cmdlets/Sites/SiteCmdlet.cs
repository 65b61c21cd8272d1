using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Stacks;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Sites;

/// <summary>A cmdlet about the web sites of a stack.</summary>
public abstract class SiteCmdlet : HaCmdlet
{
    /// <summary>Name of the stack, as in Pulumi.NAME.yaml.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string Stack { get; set; } = "prod";

    /// <summary>The folder with Pulumi.yaml, or one below it. Default: the current one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    private protected string ProjectFolder => ProjectDirectory is null ? WorkingDirectory ?? "." : GetUnresolvedProviderPathFromPSPath(ProjectDirectory);

    private protected StackProject Project() => StackProject.Find(ProjectFolder);

    private protected HaTool Tool() => new(ToolLocation.Find(), ProjectFolder);

    /// <summary>Asks the address of a site once.</summary>
    private protected async Task<StackSite> AskAsync(StackSite site)
    {
        ShowProgress($"site {site.Name}", $"asking {site.Address}");
        var (answers, note) = await Beside(token => SiteProbe.AskAsync(new Uri(site.Address), token));
        EndProgress();
        return site with { State = answers ? "Answers" : site.State, Note = note };
    }

    /// <summary>Plans and proves the stack with its changed file.</summary>
    /// <exception cref="HaClusterException">It is refused; the caller puts the file back.</exception>
    private protected async Task ProveAsync(string activity)
    {
        ShowProgress(activity, "checking the settings");
        var problems = await Beside(token => Tool().ValidateAsync(Stack, token));
        if (problems.Count > 0)
            throw new HaClusterException(FailureKind.Rejected, "ha validate", $"stack {Stack}", string.Join("; ", problems), "The file was restored");
        ShowProgress(activity, "planning and proving");
        var proof = StackDocuments.ReadProof(await Beside(token => Tool().ReadAsync(StackDocuments.Proof, ["prove", "--fix-seconds", "0", "--stack", Stack], token)));
        EndProgress();
        if (proof.Verdict == "violated")
        {
            throw new HaClusterException(
                FailureKind.NotSafe, "ha prove", $"stack {Stack}", string.Join("; ", proof.Violations.Select(violation => $"{violation.Subject}: {violation.Problem}").Take(5)),
                $"The file was restored. -Force keeps the change; Get-HaProof {Stack} shows what fixes it");
        }

        WriteVerbose($"proof: {proof.Verdict}, {proof.Scenarios} scenarios tried");
    }
}
