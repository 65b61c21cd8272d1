using System.Management.Automation;
using System.Text;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Journal;

/// <summary>A cmdlet that resumes or undoes an operation of the journal.</summary>
public abstract class JournalCmdlet : OperationCmdlet
{
    /// <summary>Id of the operation, as Get-HaOperation lists it. Default: the newest one that did not end.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OperationCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <exception cref="HaClusterException">There is no such operation.</exception>
    private protected async Task<OperationRecord> FindAsync(Func<OperationRecord, bool> isMeant, string what)
    {
        var all = await Beside(ClusterEngine.RunnerOf(Session()).ListAsync);
        if (Id is null)
        {
            return all.FirstOrDefault(isMeant)
                ?? throw new HaClusterException(FailureKind.NotFound, "", "", $"there is no operation that {what}", "Get-HaOperation lists all");
        }

        return all.FirstOrDefault(operation => string.Equals(operation.Id, Id, StringComparison.OrdinalIgnoreCase))
            ?? throw new HaClusterException(FailureKind.NotFound, "", $"operation {Id}", "neither this machine nor the cluster has a journal of it", "Get-HaOperation lists all");
    }

    /// <summary>The question, with the steps that would be done or undone.</summary>
    private protected bool Asks(OperationRecord operation, string what, IEnumerable<OperationStep> steps)
    {
        var text = new StringBuilder($"{what} {operation.Command} {operation.Target} (operation {operation.Id} of {operation.By}, {operation.State})");
        foreach (var step in steps)
            text.AppendLine().Append(System.Globalization.CultureInfo.InvariantCulture, $"  {step.Number,2}. {step.Title}: {step.State}");
        return ShouldProcess(text.ToString(), $"{text}{Environment.NewLine}Do this?", $"{what} on {Session().Info.Name}");
    }
}
