using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Shows what a month of a stack costs, by component and by protection.</summary>
/// <remarks>
/// <para>In USD without tax, from a dated list of prices. Resources without a known price are listed, and never counted as free.</para>
/// </remarks>
/// <example>
/// <para>What does it cost?</para>
/// <code>Get-HaCost prod</code>
/// </example>
/// <example>
/// <para>What costs more than in another stack?</para>
/// <code>(Get-HaCost prod -Against dev).Difference.Components</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaCost")]
[OutputType(typeof(StackCost))]
public sealed class GetHaCostCommand : StackCmdlet
{
    /// <summary>Another stack, or a file of ha plan --json, to compare with.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Against { get; set; }

    /// <summary>A file with your own prices.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Prices { get; set; }

    protected override async Task ProcessAsync()
    {
        List<string> arguments = ["cost"];
        if (Against is not null)
            arguments.AddRange(["--against", Against]);
        if (Prices is not null)
            arguments.AddRange(["--prices", GetUnresolvedProviderPathFromPSPath(Prices)]);
        WriteObject(await ReadAsync("planning", StackDocuments.Cost, StackDocuments.ReadCost, [.. arguments]));
    }
}
