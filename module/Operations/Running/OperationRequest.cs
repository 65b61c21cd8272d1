namespace HaCluster.Operations.Running;

/// <summary>
/// What a person asks for: one record for each operation, with the parameters of its cmdlet. It is stored in the journal; the steps that it was planned
/// into are stored beside it, so that a resumed operation does what was confirmed and not what a new plan would say.
/// </summary>
public abstract record OperationRequest
{
    /// <summary>The cmdlet that asks for it: <c>Switch-HaZone</c>.</summary>
    public abstract string Command { get; }

    /// <summary>What it acts on, for messages: <c>zone eu-central-1a</c>.</summary>
    public abstract string Target { get; }

    /// <summary>Whether its steps are undone by themselves when one does not reach its goal.</summary>
    internal virtual bool RollsBack => false;

    /// <summary>Warnings of a resumed run: the caller that began it is gone and will not do its part.</summary>
    internal virtual IEnumerable<string> WarningsOnResume => [];

    /// <summary>The steps, and what is against them. Reads only.</summary>
    internal abstract Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken);
}
