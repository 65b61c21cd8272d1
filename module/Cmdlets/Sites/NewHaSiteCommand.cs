using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Pulumi;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Sites;

/// <summary>Adds a web site to a stack: a name, an image, a domain.</summary>
/// <remarks>
/// <para>The site is written into the stack file, whose comments and order stay; settings, plan and proof are checked, and the file is put back when they refuse it. With -Deploy, pulumi up runs, and the address is shown once it answers. The site gets a namespace with a quota, replicas over all zones, a budget, autoscaling, a certificate, alerts and a dashboard.</para>
/// </remarks>
/// <example>
/// <para>See what would be written.</para>
/// <code>New-HaSite shop -Image docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine -Domain shop.example.com -WhatIf</code>
/// </example>
/// <example>
/// <para>Declare, prove and deploy it, and wait until it answers.</para>
/// <code>New-HaSite shop -Image docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine -Domain shop.example.com -Stack staging -Deploy</code>
/// </example>
[Cmdlet(VerbsCommon.New, "HaSite", SupportsShouldProcess = true)]
[OutputType(typeof(StackSite))]
public sealed class NewHaSiteCommand : SiteCmdlet
{
    /// <summary>Name of the site; its namespace is site-NAME.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(@"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?\z", Options = RegexOptions.None)]
    public string Name { get; set; } = null!;

    /// <summary>Image with a tag or a digest; its process must not need root.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = null!;

    /// <summary>Public host name of the site.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\z", Options = RegexOptions.None)]
    public string Domain { get; set; } = null!;

    /// <summary>Port on which the container listens for HTTP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1024, 65535)]
    public int? Port { get; set; }

    /// <summary>Path that returns a status from 200 to 399 when a replica can serve.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidatePattern("^/", Options = RegexOptions.None)]
    public string? HealthPath { get; set; }

    /// <summary>Fewest replicas, at least one per zone.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 100)]
    public int? MinReplicas { get; set; }

    /// <summary>Most replicas, under load.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 100)]
    public int? MaxReplicas { get; set; }

    /// <summary>Keep the site in the file although the proof is violated.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Run pulumi up for the stack, and wait until the site answers.</summary>
    [Parameter]
    public SwitchParameter Deploy { get; set; }

    /// <summary>How long to wait until the site answers, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 7200)]
    public int TimeoutSeconds { get; set; } = 900;

    protected override async Task ProcessAsync()
    {
        var project = Project();
        if (project.ListSites(Stack).Any(site => site.Name == Name))
            throw new HaClusterException(FailureKind.AlreadyExists, "", $"site {Name}", $"stack {Stack} already has it", "Edit it in the stack file, or remove it first: Remove-HaSite");
        var edit = project.PlanSite(Stack, Name, [.. Settings()]);
        var activity = $"New-HaSite {Name}";
        var then = Deploy ? ", then plan, prove and deploy it" : ", then plan and prove it";
        if (!ShouldProcess($"{edit.Path}:\n{edit.Difference}\n{then[2..]}", $"{edit.Difference}\nWrite this to {edit.Path}{then}?", activity))
            return;
        edit.Write();
        try
        {
            await ProveAsync(activity);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotSafe && Force)
        {
            WriteWarning(exception.Problem);
        }
        catch
        {
            edit.Undo();
            throw;
        }

        var site = project.ListSites(Stack).Single(one => one.Name == Name);
        if (!Deploy)
        {
            WriteObject(site with { Note = $"Deploy-HaStack {Stack} deploys it" });
            return;
        }

        await DeployAsync(activity, project);
        ShowProgress(activity, $"waiting for {site.Address}");
        var (answers, note) = await Beside(token => SiteProbe.WaitAsync(new Uri(site.Address), TimeSpan.FromSeconds(TimeoutSeconds), token));
        EndProgress();
        WriteObject(site with { State = answers ? "Answers" : "Deployed", Note = note });
    }

    private async Task DeployAsync(string activity, StackProject project)
    {
        ShowProgress(activity, "pulumi up");
        var progress = new Progress<PulumiProgress>(step => ShowProgress(activity, "pulumi up", $"{step.Operation} {step.Type} {step.Name}"));
        var result = await Beside(token => ClusterEngine.PulumiIn(project.Directory).UpAsync(Stack, new PulumiOptions(Message: $"site {Name}"), progress, token));
        foreach (var warning in result.Warnings)
            WriteWarning(warning);
    }

    private IEnumerable<KeyValuePair<string, string>> Settings()
    {
        yield return new("image", StackProject.Quote(Image));
        yield return new("domain", Domain);
        if (Port is { } port)
            yield return new("port", port.ToString(CultureInfo.InvariantCulture));
        if (HealthPath is { } path)
            yield return new("healthPath", StackProject.Quote(path));
        if (MinReplicas is { } min)
            yield return new("minReplicas", min.ToString(CultureInfo.InvariantCulture));
        if (MaxReplicas is { } max)
            yield return new("maxReplicas", max.ToString(CultureInfo.InvariantCulture));
    }
}
