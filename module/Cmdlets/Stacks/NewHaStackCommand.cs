using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Writes the file of a new stack.</summary>
/// <remarks>
/// <para>Nothing is created but the file. Without -From it sets the region only, and everything else has its default; with -From it is a copy of another stack's file with its comments.</para>
/// </remarks>
/// <example>
/// <para>A stack with defaults.</para>
/// <code>New-HaStack staging -Region eu-west-1</code>
/// </example>
/// <example>
/// <para>A copy of the cheap one, and what it would cost.</para>
/// <code>New-HaStack trial -Region eu-west-1 -From dev
/// Get-HaCost trial</code>
/// </example>
[Cmdlet(VerbsCommon.New, "HaStack", SupportsShouldProcess = true)]
[OutputType(typeof(StackInfo))]
public sealed class NewHaStackCommand : HaCmdlet
{
    /// <summary>Name of the stack: letters, digits, '-', '_' and '.'.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidatePattern(@"^[A-Za-z0-9_.-]{1,100}\z", Options = RegexOptions.None)]
    public string Name { get; set; } = null!;

    /// <summary>AWS region of the cluster. It cannot be changed later.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidatePattern(@"^[a-z]{2}(-[a-z]+)+-[0-9]+\z", Options = RegexOptions.None)]
    public string Region { get; set; } = null!;

    /// <summary>A stack whose file is copied.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>Name of the cluster. Default: project and stack.</summary>
    [Parameter]
    [ValidatePattern(@"^[a-z][a-z0-9-]{0,38}\z", Options = RegexOptions.None)]
    public string? ClusterName { get; set; }

    /// <summary>The folder with Pulumi.yaml, or one below it. Default: the current one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    protected override Task ProcessAsync()
    {
        var project = StackProject.Find(ProjectDirectory is null ? WorkingDirectory ?? "." : GetUnresolvedProviderPathFromPSPath(ProjectDirectory));
        var path = Path.Combine(project.Directory, $"Pulumi.{Name}.yaml");
        if (ShouldProcess(path, From is null ? $"Write a stack file for {Region}" : $"Write a copy of the file of stack {From}, for {Region}"))
            WriteObject(project.Create(Name, Region, From, ClusterName));
        return Task.CompletedTask;
    }
}
