using System.Management.Automation;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Proves whether the declared cluster of a stack survives the loss of every zone, node, node pair, node group and database writer.</summary>
/// <remarks>
/// <para>Nothing has to exist. Test-HaCluster proves a live cluster.</para>
/// </remarks>
/// <example>
/// <para>Does it survive?</para>
/// <code>Get-HaProof prod</code>
/// </example>
/// <example>
/// <para>What breaks in the cheap stack, and what fixes it.</para>
/// <code>$proof = Get-HaProof dev -FixSeconds 10
/// $proof.Violations
/// $proof.Fixes | Where-Object Verified</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaProof")]
[OutputType(typeof(StackProof))]
public sealed class GetHaProofCommand : StackCmdlet
{
    /// <summary>How long to search for fixes, in seconds; 0 skips the search.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int FixSeconds { get; set; } = 10;

    protected override async Task ProcessAsync() => WriteObject(await ReadAsync(
        "proving", StackDocuments.Proof, StackDocuments.ReadProof, "prove", "--fix-seconds", FixSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
