using System.Management.Automation;

namespace HaCluster.Cmdlets.Sites;

/// <summary>Shows the web sites of a stack, and whether their addresses answer.</summary>
/// <example>
/// <para>The sites of a stack as declared.</para>
/// <code>Get-HaSite -Stack prod</code>
/// </example>
/// <example>
/// <para>Which of them answer?</para>
/// <code>Get-HaSite -Stack prod -Probe | Where-Object State -ne Answers</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaSite")]
[OutputType(typeof(StackSite))]
public sealed class GetHaSiteCommand : SiteCmdlet
{
    /// <summary>Names of sites; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string? Name { get; set; }

    /// <summary>Ask each address once.</summary>
    [Parameter]
    public SwitchParameter Probe { get; set; }

    protected override async Task ProcessAsync()
    {
        var pattern = new WildcardPattern(Name ?? "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var sites = Project().ListSites(Stack);
        if (Name is not null && !WildcardPattern.ContainsWildcardCharacters(Name) && !sites.Any(site => pattern.IsMatch(site.Name)))
        {
            throw new HaClusterException(
                FailureKind.NotFound, "", $"site {Name}", $"stack {Stack} has no such site", Advice.Available(sites.Select(site => site.Name), "The stack has no site"));
        }

        foreach (var site in sites.Where(site => pattern.IsMatch(site.Name)))
            WriteObject(Probe ? await AskAsync(site) : site);
    }
}
