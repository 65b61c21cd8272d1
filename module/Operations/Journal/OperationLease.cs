using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using HaCluster.Planning;
using k8s.Models;

namespace HaCluster.Operations.Journal;

/// <summary>Who works on which operation.</summary>
/// <param name="Operator"><c>USER@HOST</c>.</param>
/// <param name="OperationId">Of the journal.</param>
internal sealed record LeaseHolder(string Operator, string OperationId, string Command, string Target)
{
    /// <summary>Tells two processes of one person, with one operation, apart.</summary>
    public string Identity { get; } = $"{Operator}/{OperationId}/{Guid.NewGuid():N}";
}

/// <summary>
/// Keeps two operators apart: a Lease in the cluster, held while an operation runs. As client-go's leader election
/// (https://github.com/kubernetes/client-go/blob/master/tools/leaderelection/leaderelection.go) it never compares the clocks of two machines in order to
/// take a lease over: a lease is expired when it did not change for its whole duration, measured here.
/// </summary>
internal sealed class OperationLease : IAsyncDisposable
{
    public const string Namespace = "ha-cluster";
    public const string Name = "operation";

    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Of one call: after one that is never answered there is time for another before the deadline, and after that none for a third before the lease expires.</summary>
    private static readonly TimeSpan RenewTimeout = TimeSpan.FromSeconds(4);
    private const int TakeAttempts = 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Whoever has pressed Ctrl+C does not wait for an API server that does not answer: the lease expires.</summary>
    private static readonly TimeSpan HurriedRelease = TimeSpan.FromMilliseconds(400);

    private readonly IKubernetesApi api;
    private readonly TimeProvider time;
    private readonly LeaseHolder holder;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationToken caller;
    private readonly Task renewing;
    private V1Lease lease;

    private OperationLease(IKubernetesApi api, TimeProvider time, LeaseHolder holder, V1Lease lease, string? takenFrom, CancellationToken caller)
    {
        (this.api, this.time, this.holder, this.lease, TakenFrom, this.caller) = (api, time, holder, lease, takenFrom, caller);
        renewing = Task.Run(RenewAsync, CancellationToken.None);
    }

    /// <summary>Who lost it to us by force; null as a rule.</summary>
    public string? TakenFrom { get; }

    /// <summary>Cancelled when the lease is lost, or someone asks the operation to stop.</summary>
    public CancellationToken Ended => lost.Token;

    /// <summary>Why it was lost, and what to do; null while it is held.</summary>
    public HaClusterException? Loss { get; private set; }

    public bool IsStopRequested { get; private set; }

    /// <param name="isOwnDeadProcess">The operation's last process was on this machine and is certainly dead: its lease need not expire.</param>
    /// <param name="patient">Wait until a lease that another holds expires, as long as it may; otherwise one that was renewed just now is refused at once.</param>
    /// <param name="take">Take it by force.</param>
    /// <exception cref="OperationHeldException">Another holds it.</exception>
    public static async Task<OperationLease> AcquireAsync(
        IKubernetesApi api, TimeProvider time, LeaseHolder holder, bool isOwnDeadProcess, bool patient, bool take, Action<string> waiting, CancellationToken cancellationToken)
    {
        string? takenFrom = null;
        for (var attempt = 1; ; attempt++)
        {
            var present = await FindAsync(api, cancellationToken);
            // The response to an earlier attempt was lost.
            if (present is not null && LeaseReading.Is(present, holder))
                return new OperationLease(api, time, holder, present, takenFrom, cancellationToken);
            takenFrom = null;
            if (present is not null && LeaseReading.IsHeld(present) && !(isOwnDeadProcess && LeaseReading.Is(present, LeaseReading.OperationAnnotation, holder.OperationId) && LeaseReading.Is(present, LeaseReading.OperatorAnnotation, holder.Operator)))
            {
                if (take)
                    takenFrom = LeaseReading.HeldBy(present);
                else if (!patient && LeaseReading.IsFresh(present, time))
                    throw LeaseReading.Held(present, time);
                else
                    present = await WatchUntilExpiredAsync(api, time, present, waiting, cancellationToken);
            }
            try
            {
                if (await TryTakeAsync(api, time, holder, present, cancellationToken) is { } taken)
                    return new OperationLease(api, time, holder, taken, takenFrom, cancellationToken);
            }
            catch (HaClusterException e) when (e.IsTransient && attempt < TakeAttempts)
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }
    }

    /// <returns>Null when there never was one.</returns>
    public static Task<V1Lease?> FindAsync(IKubernetesApi api, CancellationToken cancellationToken) => api.FindAsync(Kinds.Leases, Namespace, Name, cancellationToken);

    /// <summary>Asks the holder to stop.</summary>
    public static Task RequestStopAsync(IKubernetesApi api, string operation, CancellationToken cancellationToken) => api.PatchAsync(
        Kinds.Leases, Namespace, Name, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [LeaseReading.StopAnnotation] = operation } } }, cancellationToken);

    /// <summary>Gives the lease back, unless it was lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await renewing;
        if (Loss is null)
            await ReleaseAsync();
        closing.Dispose();
        lost.Dispose();
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(caller.IsCancellationRequested ? HurriedRelease : RenewDeadline, time);
        try
        {
            for (var attempt = 0; attempt < 3 && LeaseReading.Is(lease, holder); attempt++)
            {
                try
                {
                    await WriteAsync(holder: "", limit.Token);
                    return;
                }
                catch (HaClusterException e) when (e.Kind == FailureKind.Conflict || e.IsTransient)
                {
                    if (await FindAsync(api, limit.Token) is not { } present)
                        return;
                    lease = present;
                }
            }
        }
        catch (Exception e) when (e is HaClusterException or OperationCanceledException or HttpRequestException)
        {
            // It expires by itself.
        }
    }

    private async Task RenewAsync()
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Delay(RenewEvery, time, closing.Token);
                var sent = time.GetTimestamp();
                // The call has time-outs and retries of its own, which together are longer than the lease.
                using var limit = new CancellationTokenSource(RenewTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closing.Token);
                await WriteAsync(holder.Identity, either.Token);
                renewed = sent;
            }
            catch (Exception e) when (closing.IsCancellationRequested && e is OperationCanceledException or HttpRequestException)
            {
                return;
            }
            // A connection that breaks while its call is cancelled says so in its own way.
            catch (Exception e) when (e is HaClusterException or OperationCanceledException or HttpRequestException)
            {
                if (await IsLostAsync(e, time.GetElapsedTime(renewed)))
                    return;
            }
            if (!IsStopRequested && LeaseReading.Is(lease, LeaseReading.StopAnnotation, holder.OperationId))
            {
                IsStopRequested = true;
                await lost.CancelAsync();
            }
        }
    }

    private async Task<bool> IsLostAsync(Exception failure, TimeSpan since)
    {
        try
        {
            if (failure is HaClusterException { Kind: FailureKind.Conflict or FailureKind.NotFound })
            {
                // Someone asked to stop, or took it; or the response to a renewal was lost.
                using var limit = new CancellationTokenSource(RenewTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closing.Token);
                var present = await FindAsync(api, either.Token);
                if (present is not null && LeaseReading.Is(present, holder))
                {
                    lease = present;
                    return false;
                }
                return await LoseAsync(new HaClusterException(
                    FailureKind.OperationRunning, "", $"operation {holder.OperationId}",
                    present is null ? "lost its lease: someone deleted it" : $"lost its lease to {LeaseReading.HeldBy(present)} ({LeaseReading.HeldOperation(present)})",
                    "It stopped between two calls. Talk to the other operator, then resume or undo it"));
            }
        }
        catch (Exception e) when (e is HaClusterException or OperationCanceledException or HttpRequestException)
        {
            // Decided by the deadline.
        }
        var why = failure is OperationCanceledException or HttpRequestException ? "the API server does not answer" : failure.Message;
        return since > RenewDeadline && await LoseAsync(new HaClusterException(
            FailureKind.Unreachable, "", $"operation {holder.OperationId}", $"could not renew its lease for {Wording.Duration(since)}: {why}",
            "It stopped, because another operator may take the lease soon. Resume it when the API server answers", failure));
    }

    private async Task<bool> LoseAsync(HaClusterException reason)
    {
        Loss = reason;
        await lost.CancelAsync();
        return true;
    }

    private async Task WriteAsync(string holder, CancellationToken cancellationToken)
    {
        // On a copy: a write that fails leaves what is known of the lease as it is.
        var next = Copy(lease);
        next.Spec.HolderIdentity = holder;
        next.Spec.RenewTime = time.GetUtcNow().UtcDateTime;
        lease = await api.ReplaceAsync(Kinds.Leases, Namespace, Name, next, cancellationToken);
    }

    private static async Task<V1Lease> WatchUntilExpiredAsync(
        IKubernetesApi api, TimeProvider time, V1Lease present, Action<string> waiting, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var duration = TimeSpan.FromSeconds(present.Spec.LeaseDurationSeconds ?? (int)Duration.TotalSeconds);
        waiting($"{LeaseReading.HeldBy(present)} held the lease; waiting {Wording.Duration(duration)} to make sure that nobody renews it");
        while (time.GetElapsedTime(start) < duration)
        {
            await Task.Delay(LookEvery, time, cancellationToken);
            var next = await FindAsync(api, cancellationToken);
            if (next is null || !LeaseReading.IsHeld(next))
                return next ?? present;
            if (next.Metadata.ResourceVersion != present.Metadata.ResourceVersion)
                throw LeaseReading.Held(next, time);
        }
        return present;
    }

    /// <returns>Null when another was quicker.</returns>
    private static async Task<V1Lease?> TryTakeAsync(IKubernetesApi api, TimeProvider time, LeaseHolder holder, V1Lease? present, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var next = new V1Lease
        {
            Metadata = new V1ObjectMeta
            {
                Name = Name,
                NamespaceProperty = Namespace,
                ResourceVersion = present?.Metadata.ResourceVersion,
                Annotations = new Dictionary<string, string>
                {
                    [LeaseReading.OperationAnnotation] = holder.OperationId,
                    [LeaseReading.CommandAnnotation] = holder.Command,
                    [LeaseReading.TargetAnnotation] = holder.Target,
                    [LeaseReading.OperatorAnnotation] = holder.Operator,
                },
            },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = holder.Identity,
                LeaseDurationSeconds = (int)Duration.TotalSeconds,
                AcquireTime = now,
                RenewTime = now,
                LeaseTransitions = (present?.Spec.LeaseTransitions ?? -1) + 1,
            },
        };
        try
        {
            return present is null
                ? await api.CreateAsync(Kinds.Leases, Namespace, next, cancellationToken)
                : await api.ReplaceAsync(Kinds.Leases, Namespace, Name, next, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind is FailureKind.Conflict or FailureKind.AlreadyExists or FailureKind.NotFound && present is not null || e.Kind == FailureKind.AlreadyExists)
        {
            return null;
        }
    }

    private static V1Lease Copy(V1Lease lease) => k8s.KubernetesJson.Deserialize<V1Lease>(k8s.KubernetesJson.Serialize(lease));
}
