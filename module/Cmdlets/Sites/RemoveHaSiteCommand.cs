using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Pulumi;

namespace HaCluster.Cmdlets.Sites;

/// <summary>Removes a web site from a stack.</summary>
/// <remarks>
/// <para>The site is removed from the stack file; comments and order of the rest stay. With -Deploy, pulumi up runs and deletes its namespace.</para>
/// </remarks>
/// <example>
/// <para>See what would be removed from the file.</para>
/// <code>Remove-HaSite hello -Stack prod -WhatIf</code>
/// </example>
[Cmdlet(VerbsCommon.Remove, "HaSite", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHaSiteCommand : SiteCmdlet
{
    /// <summary>Name of the site.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>Run pulumi up for the stack.</summary>
    [Parameter]
    public SwitchParameter Deploy { get; set; }

    protected override async Task ProcessAsync()
    {
        var project = Project();
        var edit = project.PlanSiteRemoval(Stack, Name);
        if (!ShouldProcess($"{edit.Path}:\n{edit.Difference}", $"{edit.Difference}\nWrite this to {edit.Path}{(Deploy ? ", and run pulumi up" : "")}?", $"Remove-HaSite {Name}"))
            return;
        edit.Write();
        if (!Deploy)
        {
            WriteMessage($"Site {Name} is removed from {edit.Path}. Deploy-HaStack {Stack} deletes it.");
            return;
        }

        ShowProgress($"Remove-HaSite {Name}", "pulumi up");
        var progress = new Progress<PulumiProgress>(step => ShowProgress($"Remove-HaSite {Name}", "pulumi up", $"{step.Operation} {step.Type} {step.Name}"));
        var result = await Beside(token => ClusterEngine.PulumiIn(project.Directory).UpAsync(Stack, new PulumiOptions(Message: $"remove site {Name}"), progress, token));
        EndProgress();
        WriteMessage($"Site {Name} is deleted ({string.Join(", ", result.Changes.Select(change => $"{change.Key} {change.Value}"))}).");
    }
}
