namespace HaCluster.Operations.Running;

/// <summary>
/// One step of an operation, with everything that it needs: it is stored in the journal, and a process that never saw the plan can go on with it.
/// Every method may be called again after a kill at any point, so what it does is safe to repeat, or <see cref="CheckAsync"/> sees that it was done.
/// </summary>
internal abstract record Step
{
    /// <summary>Unique within the operation: <c>cordon/NODE</c>.</summary>
    public abstract string Id { get; }

    public abstract string Title { get; }

    /// <summary>The object that it changes, for before and after: <c>node/NODE</c>.</summary>
    public abstract string Subject { get; }

    /// <summary>How long it takes when nothing is known of earlier runs.</summary>
    public abstract TimeSpan Expected { get; }

    /// <summary>Its check tells something only when the steps before it are done: a plan shows it as to be done.</summary>
    public virtual bool FollowsEarlier => false;

    /// <summary>How things are. Reads only.</summary>
    public abstract Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>Acts. Called only after a check, in the same process, that said it is to be done.</summary>
    public abstract Task DoAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>Waits until the goal is reached.</summary>
    /// <returns>What it left, under the names that the check used for what it found.</returns>
    /// <exception cref="HaClusterException">The goal is not reached in time.</exception>
    public virtual async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        var check = await CheckAsync(context, cancellationToken);
        return check.Need == StepNeed.Done ? check.Found : throw context.NotReached(this, check.Detail.Length > 0 ? check.Detail : "it is not as it was set");
    }

    /// <summary>Returns to what was found before. Does nothing where there is nothing to return to, such as for a pod that was evicted.</summary>
    /// <param name="before">What the first check found, before anything was done.</param>
    public virtual Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken) => Task.CompletedTask;

    protected static IReadOnlyDictionary<string, string> Facts(params IEnumerable<(string Name, string Value)> facts) =>
        facts.ToDictionary(fact => fact.Name, fact => fact.Value);
}

internal enum StepNeed
{
    ToDo,

    /// <summary>It was begun, by this operation or by someone else, and is on its way: only to be waited for.</summary>
    UnderWay,

    Done,
    Blocked,
}

/// <summary>What a check found.</summary>
internal sealed record StepCheck(StepNeed Need, IReadOnlyDictionary<string, string> Found, string Detail = "")
{
    /// <summary>Of <see cref="StepNeed.Blocked"/>.</summary>
    public Refusal? Refusal { get; init; }

    public static StepCheck ToDo(IReadOnlyDictionary<string, string> found, string detail = "") => new(StepNeed.ToDo, found, detail);

    public static StepCheck UnderWay(IReadOnlyDictionary<string, string> found, string detail) => new(StepNeed.UnderWay, found, detail);

    public static StepCheck Done(IReadOnlyDictionary<string, string> found, string detail = "") => new(StepNeed.Done, found, detail);

    public static StepCheck Blocked(Refusal refusal) => new(StepNeed.Blocked, new Dictionary<string, string>(), refusal.ToString()) { Refusal = refusal };

    /// <summary>Done when the condition holds, otherwise to do.</summary>
    public static StepCheck DoneIf(bool done, IReadOnlyDictionary<string, string> found, string detail = "") => done ? Done(found, detail) : ToDo(found);
}
