using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Shows the stacks of the project: their files, regions, clusters and sites.</summary>
/// <example>
/// <para>All stacks.</para>
/// <code>Get-HaStack</code>
/// </example>
/// <example>
/// <para>Prove them all.</para>
/// <code>Get-HaStack | Get-HaProof -FixSeconds 0</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaStack")]
[OutputType(typeof(StackInfo))]
public sealed class GetHaStackCommand : HaCmdlet
{
    /// <summary>Names of stacks; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(StackCompleter))]
    [SupportsWildcards]
    public string Name { get; set; } = "*";

    /// <summary>The folder with Pulumi.yaml, or one below it. Default: the current one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    protected override Task ProcessAsync()
    {
        var project = StackProject.Find(ProjectDirectory is null ? WorkingDirectory ?? "." : GetUnresolvedProviderPathFromPSPath(ProjectDirectory));
        if (!WildcardPattern.ContainsWildcardCharacters(Name))
        {
            WriteObject(project.Get(Name));
            return Task.CompletedTask;
        }

        var pattern = new WildcardPattern(Name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        WriteObject(project.List().Where(stack => pattern.IsMatch(stack.Name)), enumerateCollection: true);
        return Task.CompletedTask;
    }
}
