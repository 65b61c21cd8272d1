using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>
/// Keeps the status of all PodDisruptionBudgets. <see cref="RunAsync"/> follows the store; a world that runs in steps calls <see cref="Reconcile()"/> when it likes.
/// </summary>
public sealed class DisruptionController(ObjectStore store)
{
    /// <summary>How often budgets are looked at that wait for pods to go.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);

    private readonly ResourceKind _budgets = store.Kinds["poddisruptionbudgets.policy"];
    private readonly ResourceKind _pods = store.Kinds["pods"];

    /// <summary>Computes every budget now.</summary>
    public void Reconcile()
    {
        foreach (var budget in store.List(_budgets).Items)
            Reconcile(budget);
    }

    /// <summary>Computes one budget now; null when it is gone.</summary>
    public StoredObject? Reconcile(StoredObject budget) =>
        store.Change(_budgets, budget.Namespace, budget.Name, copy => DisruptionBudget.SetStatus(store, store.Get(_budgets, budget.Namespace, budget.Name), copy));

    /// <summary>Follows pods and budgets until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellation);
            }
            catch (StatusException expired) when (expired.Code == 410)
            {
                // Too slow for the history: begin again with all of them.
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var (_, budgets) = store.ListAndWatch(_budgets);
        var (_, pods) = store.ListAndWatch(_pods);
        Reconcile();
        while (true)
        {
            // All that happened meanwhile is one look at each budget that it touches.
            var touched = store.List(_budgets).Items.Where(DisruptionBudget.IsWaiting).Select(budget => (Namespace: budget.Namespace!, budget.Name)).ToHashSet();
            var happens = new List<Task> { budgets.WaitAsync(cancellation), pods.WaitAsync(cancellation) };
            if (touched.Count > 0)
                happens.Add(Task.Delay(Recheck, cancellation));
            await Task.WhenAny(happens);
            cancellation.ThrowIfCancellationRequested();
            while (budgets.TryRead(out var change))
                touched.Add((change.Object.Namespace!, change.Object.Name));
            var changed = new List<StoredObject>();
            while (pods.TryRead(out var change))
                changed.AddRange(change.Old is { } old ? [change.Object, old] : [change.Object]);
            foreach (var group in changed.GroupBy(pod => pod.Namespace!))
            {
                foreach (var budget in store.List(_budgets, group.Key).Items)
                {
                    if (DisruptionBudget.SelectorOf(budget) is { } selector && group.Any(pod => selector.Matches(pod.Labels)))
                        touched.Add((group.Key, budget.Name));
                }
            }
            foreach (var (@namespace, name) in touched)
            {
                if (store.Find(_budgets, @namespace, name) is { } budget)
                    Reconcile(budget);
            }
        }
    }
}
