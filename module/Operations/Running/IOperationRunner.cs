namespace HaCluster.Operations.Running;

/// <summary>
/// Plans, runs, resumes, undoes and stops operations on one cluster. Every method ends within a second of the cancellation of its token, with
/// <see cref="OperationCanceledException"/>; what was begun can then be resumed or undone.
/// </summary>
public interface IOperationRunner
{
    /// <summary>What the operation would do, and what would stop it. Reads only.</summary>
    Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken);

    /// <summary>Plans and runs it.</summary>
    /// <exception cref="OperationRefusedException">The plan has refusals; nothing was done.</exception>
    /// <exception cref="OperationHeldException">Another operation is running; nothing was done.</exception>
    /// <exception cref="OperationFailedException">A step failed.</exception>
    Task<OperationResult> RunAsync(OperationRequest request, RunOptions options, CancellationToken cancellationToken);

    /// <summary>Goes on with an operation that was stopped, killed or failed, from its journal here or, where there is none, from its record in the cluster.</summary>
    Task<OperationResult> ResumeAsync(string id, RunOptions options, CancellationToken cancellationToken);

    /// <summary>Undoes the steps that it did, the last first.</summary>
    Task<OperationResult> UndoAsync(string id, RunOptions options, CancellationToken cancellationToken);

    /// <summary>Asks the process that runs it, here or elsewhere, to stop, and waits until it has.</summary>
    Task<OperationRecord> StopAsync(string id, CancellationToken cancellationToken);

    /// <summary>All operations that have a journal here or a record in the cluster, the newest first.</summary>
    Task<IReadOnlyList<OperationRecord>> ListAsync(CancellationToken cancellationToken);
}
