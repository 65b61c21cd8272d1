using k8s.Models;

namespace HaCluster.Operations.Kubernetes;

/// <summary>
/// A lease in the cluster, which keeps two operators apart. Whoever holds it renews it before its duration has passed; afterwards anybody may take it.
/// </summary>
/// <remarks>Expiry compares the holder's clock with the caller's, like every lease of Kubernetes: take a duration well above the difference of clocks.</remarks>
/// <param name="holder">Who and where, such as <c>ada@laptop/4711</c>; unique per holder.</param>
public sealed class ClusterLease(IKubernetesApi api, string @namespace, string name, string holder, TimeSpan duration, TimeProvider time)
{
    /// <summary>Takes the lease when it is free, expired, or the caller's already.</summary>
    /// <param name="annotations">What to say of oneself; read back in <see cref="LeaseState.Annotations"/>.</param>
    public async Task<LeaseAnswer> AcquireAsync(IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var found = await api.FindAsync(Kinds.Leases, @namespace, name, cancellationToken);
                if (found is not null && StateOf(found) is { } state && state.Holder != holder && state.Holder.Length > 0 && state.ExpiresAt > time.GetUtcNow())
                    return new LeaseAnswer(false, state);
                var wanted = Wanted(found, annotations);
                var taken = found is null
                    ? await api.CreateAsync(Kinds.Leases, @namespace, wanted, cancellationToken)
                    : await api.ReplaceAsync(Kinds.Leases, @namespace, name, wanted, cancellationToken);
                return new LeaseAnswer(true, StateOf(taken));
            }
            catch (HaClusterException exception) when (exception.Kind is FailureKind.Conflict or FailureKind.AlreadyExists)
            {
                // Somebody was faster: look who.
            }
        }
    }

    /// <returns>False with the other holder when the lease was lost.</returns>
    public async Task<LeaseAnswer> RenewAsync(CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken);
        return state is null || state.Holder == holder
            ? await AcquireAsync(state?.Annotations ?? new Dictionary<string, string>(), cancellationToken)
            : new LeaseAnswer(false, state);
    }

    /// <returns>False when another holds it.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        var found = await api.FindAsync(Kinds.Leases, @namespace, name, cancellationToken);
        if (found is null)
            return true;
        if (found.Spec?.HolderIdentity != holder)
            return false;
        try
        {
            await api.DeleteAsync(
                Kinds.Leases, @namespace, name, cancellationToken, new DeleteOptions(found.Metadata.Uid, found.Metadata.ResourceVersion));
            return true;
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.Conflict)
        {
            return false;
        }
    }

    /// <returns>Null when nobody ever held it, or it was released.</returns>
    public async Task<LeaseState?> ReadAsync(CancellationToken cancellationToken) =>
        await api.FindAsync(Kinds.Leases, @namespace, name, cancellationToken) is { } found ? StateOf(found) : null;

    private V1Lease Wanted(V1Lease? found, IReadOnlyDictionary<string, string> annotations)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var isMine = found?.Spec?.HolderIdentity == holder;
        return new V1Lease
        {
            ApiVersion = Kinds.Leases.ApiVersion,
            Kind = Kinds.Leases.Name,
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = @namespace,
                ResourceVersion = found?.Metadata.ResourceVersion,
                Annotations = annotations.ToDictionary(StringComparer.Ordinal),
            },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = holder,
                LeaseDurationSeconds = (int)Math.Ceiling(duration.TotalSeconds),
                AcquireTime = isMine ? found!.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (found?.Spec?.LeaseTransitions ?? 0) + (found is null || isMine ? 0 : 1),
            },
        };
    }

    private static LeaseState StateOf(V1Lease lease)
    {
        var renewed = new DateTimeOffset((lease.Spec?.RenewTime ?? lease.Spec?.AcquireTime ?? DateTime.UnixEpoch).ToUniversalTime());
        var acquired = new DateTimeOffset((lease.Spec?.AcquireTime ?? DateTime.UnixEpoch).ToUniversalTime());
        var annotations = (lease.Metadata?.Annotations ?? new Dictionary<string, string>()).ToDictionary(StringComparer.Ordinal);
        return new LeaseState(
            lease.Spec?.HolderIdentity ?? "", acquired, renewed, renewed.AddSeconds(lease.Spec?.LeaseDurationSeconds ?? 0), lease.Spec?.LeaseTransitions ?? 0, annotations);
    }
}

/// <summary>Who holds a lease.</summary>
/// <param name="ExpiresAt">After this anybody may take it, unless it is renewed.</param>
/// <param name="Annotations">What the holder says of itself, such as the operation.</param>
public sealed record LeaseState(
    string Holder, DateTimeOffset AcquiredAt, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, int Transitions, IReadOnlyDictionary<string, string> Annotations);

/// <param name="IsHeld">The caller holds it now.</param>
/// <param name="State">Of the caller, or of the other holder.</param>
public sealed record LeaseAnswer(bool IsHeld, LeaseState State);
