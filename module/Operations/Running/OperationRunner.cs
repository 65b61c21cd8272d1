using HaCluster.Operations.Connecting;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Proving;
using HaCluster.Planning;
using k8s.Models;

namespace HaCluster.Operations.Running;

/// <inheritdoc cref="IOperationRunner"/>
public sealed class OperationRunner : IOperationRunner
{
    private static readonly TimeSpan LookForStop = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly ClusterSession session;
    private readonly ILiveProver prover;
    private readonly JournalFolder folder;
    private readonly ClusterRecords records;
    private readonly Lazy<IReadOnlyDictionary<string, TimeSpan>> earlier;

    /// <param name="session">Not disposed here.</param>
    public OperationRunner(ClusterSession session, ILiveProver prover)
        : this(session, prover, new JournalFolder()) { }

    internal OperationRunner(ClusterSession session, ILiveProver prover, JournalFolder folder)
    {
        (this.session, this.prover, this.folder) = (session, prover, folder);
        records = new ClusterRecords(session.Kubernetes, session.Time);
        earlier = new(() => folder.Durations(session.Identity));
    }

    public async Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        var lease = OperationLease.FindAsync(session.Kubernetes, cancellationToken);
        var (_, plan) = await Planner.PlanAsync(request, Context("", force: false, []), Expected, cancellationToken);
        return LeaseReading.IsHeldNow(await lease, session.Time)
            // What nobody can do, whoever holds the lease, comes first: a name that was mistyped.
            ? plan with { Refusals = [.. plan.Refusals.Where(IsAboutInput), HeldRefusal((await lease)!), .. plan.Refusals.Where(refusal => !IsAboutInput(refusal))] }
            : plan;
    }

    public async Task<OperationResult> RunAsync(OperationRequest request, RunOptions options, CancellationToken cancellationToken)
    {
        var id = OperationIds.New(request, session.Time.GetUtcNow());
        var identity = session.RequireIdentity();
        await records.EnsureNamespaceAsync(cancellationToken);
        await using var lease = await AcquireAsync(id, request, options, isOwnDeadProcess: false, isResumed: false, cancellationToken);
        var (draft, plan) = await Planner.PlanAsync(request, Context(id, options.Force, []), Expected, cancellationToken);
        if (plan.Refusals.FirstOrDefault(refusal => !(options.Force && refusal.Forceable)) is { } first)
            throw new OperationRefusedException(plan, first);
        using var journal = folder.Open(id, [new OperationBegun(
            session.Time.GetUtcNow(), OperationBegun.CurrentSchema, id, session.ClusterName, session.Operator, request, draft.Steps, plan.Refusals)
        {
            Identity = identity,
        }]);
        return await GoAsync(journal, lease, options, undo: false, plan.Warnings, cancellationToken);
    }

    public Task<OperationResult> ResumeAsync(string id, RunOptions options, CancellationToken cancellationToken) => GoOnAsync(id, options, undo: false, cancellationToken);

    public Task<OperationResult> UndoAsync(string id, RunOptions options, CancellationToken cancellationToken) => GoOnAsync(id, options, undo: true, cancellationToken);

    public async Task<OperationRecord> StopAsync(string id, CancellationToken cancellationToken)
    {
        OperationIds.Require(id);
        var start = session.Time.GetTimestamp();
        if (folder.Has(id) && folder.IsOpen(id))
            folder.RequestStop(id);
        while (true)
        {
            var lease = await OperationLease.FindAsync(session.Kubernetes, cancellationToken);
            var record = (await ListAsync(cancellationToken)).FirstOrDefault(operation => operation.Id == id) ?? throw JournalFailure.Missing(id, folder.Path);
            if (record.State != OperationState.Running)
                return record;
            if (lease is not null && LeaseReading.HeldOperation(lease) == id && !LeaseReading.IsAskedToStop(lease, id))
                await OperationLease.RequestStopAsync(session.Kubernetes, id, cancellationToken);
            if (session.Time.GetElapsedTime(start) > StopLimit)
            {
                throw new HaClusterException(
                    FailureKind.TimedOut, "", id, $"{record.HeldBy ?? record.By} was asked to stop and did not within {Wording.Duration(StopLimit)}",
                    "Check that terminal. The lease of a dead process expires by itself");
            }
            await Task.Delay(LookForStop, session.Time, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<OperationRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var journals = new Dictionary<string, IReadOnlyList<JournalEntry>>();
        var unreadable = new Dictionary<string, UnreadableJournal>();
        var holder = await OperationLease.FindAsync(session.Kubernetes, cancellationToken);
        foreach (var entries in await records.ListAsync(broken => unreadable[broken.Id] = broken, cancellationToken))
            Offer(journals, entries);
        var recorded = journals.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var id in folder.Ids())
        {
            var (entries, broken) = folder.Look(id);
            if (broken is not null)
                unreadable[id] = broken;
            else
                Offer(journals, entries);
        }
        var read = from entries in journals.Values
                   let state = JournalState.From(entries)
                   where !unreadable.ContainsKey(state.Begun.Id)
                   let origin = OriginOf(state.Begun, recorded.Contains(state.Begun.Id))
                   where origin is not Origin.OtherCluster
                   select ToRecord(state, holder, origin);
        return [.. read.Concat(unreadable.Values.Where(IsOfThisCluster).Select(broken => ToRecord(broken, journals.GetValueOrDefault(broken.Id), holder))).OrderByDescending(record => record.Id, StringComparer.Ordinal)];

        // One that does not say its cluster may be of this one.
        bool IsOfThisCluster(UnreadableJournal broken) => broken.Uid.Length > 0 && session.Identity is { } own ? broken.Uid == own.Uid : broken.Cluster.Length == 0 || broken.Cluster == session.ClusterName;
    }

    private async Task<OperationResult> GoOnAsync(string id, RunOptions options, bool undo, CancellationToken cancellationToken)
    {
        OperationIds.Require(id);
        var (entries, isRecorded) = await FindAsync(id, cancellationToken);
        var state = JournalState.From(entries)!;
        RefuseOtherCluster(state.Begun, isRecorded);
        if (state.Ended is OperationState.Undone or OperationState.RolledBack || !undo && state.IsFinished)
            throw new HaClusterException(FailureKind.InvalidInput, "", id, $"has ended: {state.Ended}", undo ? "There is nothing to undo" : "There is nothing to resume");

        // The journal is locked before its lease is looked at: with it in hand no process of this machine works on the operation. Where there was none, its
        // process was on another machine, which may have the same name.
        var wasHere = folder.Has(id);
        using var journal = folder.Open(id, entries);
        await records.EnsureNamespaceAsync(cancellationToken);
        await using var lease = await AcquireAsync(id, state.Begun.Request, options, isOwnDeadProcess: wasHere, isResumed: true, cancellationToken);
        var isUndone = undo || state.IsUndoing;
        return await GoAsync(journal, lease, options, isUndone, isUndone ? [] : [.. state.Begun.Request.WarningsOnResume.Except(state.Notes)], cancellationToken);
    }

    private async Task<OperationResult> GoAsync(
        JournalFile journal, OperationLease lease, RunOptions options, bool undo, IReadOnlyList<string> warnings, CancellationToken cancellationToken)
    {
        var state = JournalState.From(journal.Snapshot())!;
        var id = state.Begun.Id;
        folder.ForgetStop(id);
        var wasAutomatic = undo && state.IsUndoing && state.IsAutomatic;
        journal.Append(new RunBegun(session.Time.GetUtcNow(), session.Operator, undo, wasAutomatic, lease.TakenFrom));
        await using var copies = await RecordCopies.StartAsync(records, journal, session.Time, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Ended);
        await using var stopFile = session.Time.CreateTimer(_ => CancelIf(folder.IsStopRequested(id), stop), null, LookForStop, LookForStop);
        var run = new OperationRun(Context(id, options.Force, state.Begun.Overridden), journal, Expected, options.OnEvent);
        foreach (var warning in warnings)
            run.Warn(warning);
        try
        {
            return await run.GoAsync(undo, state.Runs > 0, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (lease.Loss is not { } loss)
            {
                var stopped = run.End(OperationState.Stopped, "stopped on request");
                return cancellationToken.IsCancellationRequested ? throw new OperationCanceledException($"{id} was stopped", cancellationToken) : stopped;
            }
            run.End(OperationState.Interrupted, loss.Message);
            throw loss;
        }
        finally
        {
            folder.ForgetStop(id);
        }
    }

    private static void CancelIf(bool asked, CancellationTokenSource stop)
    {
        try
        {
            if (asked)
                stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    private Task<OperationLease> AcquireAsync(
        string id, OperationRequest request, RunOptions options, bool isOwnDeadProcess, bool isResumed, CancellationToken cancellationToken) => OperationLease.AcquireAsync(
            session.Kubernetes,
            session.Time,
            new LeaseHolder(session.Operator, id, request.Command, request.Target),
            isOwnDeadProcess,
            patient: isResumed,
            options.TakeLease,
            message => options.OnEvent?.Invoke(new OperationWarning { At = session.Time.GetUtcNow(), Message = message }),
            cancellationToken);

    /// <summary>The journal of this machine or the record in the cluster, whichever is further.</summary>
    /// <returns>Its entries, and whether the cluster has a record of it.</returns>
    private async Task<(IReadOnlyList<JournalEntry> Entries, bool IsRecorded)> FindAsync(string id, CancellationToken cancellationToken)
    {
        var here = folder.Has(id) ? folder.Read(id) : [];
        var there = await records.FindAsync(id, cancellationToken) ?? [];
        var further = JournalState.IsFurther(there, here) ? there : here;
        return further.Count > 0 ? (further, there.Count > 0) : throw JournalFailure.Missing(id, folder.Path);
    }

    private enum Origin
    {
        ThisCluster,
        OtherCluster,

        /// <summary>It has the name of this cluster, and says no more.</summary>
        Unknown,
    }

    /// <param name="isRecorded">The cluster has a record of it, which only an operation on it writes.</param>
    private Origin OriginOf(OperationBegun begun, bool isRecorded) => (begun.Identity, session.Identity) switch
    {
        ({ } theirs, { } own) => own.IsSame(theirs) ? Origin.ThisCluster : Origin.OtherCluster,
        _ => begun.Cluster != session.ClusterName ? Origin.OtherCluster : isRecorded ? Origin.ThisCluster : Origin.Unknown,
    };

    private void RefuseOtherCluster(OperationBegun begun, bool isRecorded)
    {
        var own = session.RequireIdentity();
        switch (OriginOf(begun, isRecorded))
        {
            case Origin.OtherCluster when begun.Identity is { } theirs:
                throw JournalFailure.OtherCluster(begun.Id, begun.Cluster, theirs, session.ClusterName, own);
            case Origin.OtherCluster:
                throw new HaClusterException(
                    FailureKind.InvalidInput, "", begun.Id, $"is an operation of cluster {begun.Cluster}, and this is {session.ClusterName}", $"Connect-HaCluster to {begun.Cluster} first");
            case Origin.Unknown:
                throw JournalFailure.UnknownCluster(begun.Id, begun.Cluster);
        }
    }

    private static void Offer(Dictionary<string, IReadOnlyList<JournalEntry>> journals, IReadOnlyList<JournalEntry> entries)
    {
        if (entries is [OperationBegun begun, ..] && (!journals.TryGetValue(begun.Id, out var known) || JournalState.IsFurther(entries, known)))
            journals[begun.Id] = entries;
    }

    private OperationRecord ToRecord(JournalState state, V1Lease? lease, Origin origin)
    {
        var id = state.Begun.Id;
        // A process that was killed holds its lease until that expires; its journal is free at once.
        var isDead = folder.Has(id) && !folder.IsOpen(id) && lease is not null && LeaseReading.HeldBy(lease) == session.Operator;
        var isHeld = !isDead && LeaseReading.IsHeldNow(lease, session.Time) && LeaseReading.HeldOperation(lease!) == id;
        var isRunning = state.Ended is null && (isHeld || folder.Has(id) && folder.IsOpen(id));
        return new()
        {
            Id = id,
            Command = state.Begun.Request.Command,
            Target = state.Begun.Request.Target,
            State = origin is Origin.Unknown && !state.IsFinished ? OperationState.Unknown : state.Ended ?? (isRunning ? OperationState.Running : OperationState.Interrupted),
            By = state.Begun.By,
            HeldBy = isHeld ? LeaseReading.HeldBy(lease!) : null,
            Started = state.Begun.At,
            Updated = state.Updated,
            Steps = state.Steps(Expected),
            Error = origin is Origin.Unknown ? JournalFailure.UnknownCluster(id, state.Begun.Cluster).Message : state.Error,
            Overridden = state.Begun.Overridden,
            Folder = folder.Has(id) ? folder.FolderOf(id) : null,
        };
    }

    /// <param name="other">The copy of it that can be read; resuming it is refused all the same, until a person has looked.</param>
    private OperationRecord ToRecord(UnreadableJournal broken, IReadOnlyList<JournalEntry>? other, V1Lease? lease)
    {
        var known = other is null ? null : ToRecord(JournalState.From(other)!, lease, Origin.ThisCluster);
        var isHeld = LeaseReading.IsHeldNow(lease, session.Time) && LeaseReading.HeldOperation(lease!) == broken.Id;
        return new()
        {
            Id = broken.Id,
            Command = known?.Command ?? broken.Command,
            Target = known?.Target ?? broken.Target,
            // A newer version may be at work on it.
            State = isHeld || folder.Has(broken.Id) && folder.IsOpen(broken.Id) ? OperationState.Running : OperationState.Unknown,
            By = known?.By ?? broken.By,
            HeldBy = isHeld ? LeaseReading.HeldBy(lease!) : null,
            Started = known?.Started ?? broken.At,
            Updated = known?.Updated ?? broken.At,
            Steps = known?.Steps ?? [],
            Error = broken.Error,
            Overridden = known?.Overridden ?? [],
            Folder = folder.Has(broken.Id) ? folder.FolderOf(broken.Id) : null,
        };
    }

    private static bool IsAboutInput(Refusal refusal) => refusal is { Forceable: false, Kind: FailureKind.InvalidInput or FailureKind.NotFound };

    private Refusal HeldRefusal(V1Lease lease)
    {
        var held = LeaseReading.Held(lease, session.Time);
        return new() { Code = held.Id, Kind = held.Kind, Reason = $"{held.Target} {held.Problem}", Advice = held.Advice };
    }

    private StepContext Context(string id, bool force, IReadOnlyList<Refusal> overridden) => new(session) { Prover = prover, OperationId = id, Force = force, Overridden = overridden };

    private TimeSpan Expected(Step step) => earlier.Value.GetValueOrDefault(step.GetType().Name, step.Expected);
}
