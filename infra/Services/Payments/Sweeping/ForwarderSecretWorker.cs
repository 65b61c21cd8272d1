using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Sweeping;

/// <summary>
/// Seals secrets with the newest key, so that an older one can go. Each minute, since a replica that has not read the newest key yet seals with the one before; and not at once, since it could not open what is sealed with
/// the newest one, and would give out no address.
/// </summary>
internal sealed class ForwarderSecretWorker(Database database, ForwarderSecrets secrets, TimeProvider clock) : IWorker
{
    /// <summary>Until all replicas have read a new key: the file of a secret arrives within two minutes or so.</summary>
    private static readonly TimeSpan SealAfter = TimeSpan.FromMinutes(10);

    private (string Prefix, long Since)? _newest;

    public string Name => "forwarder-secrets";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => secrets.Prefix is not { } prefix || !IsKnown(prefix) ? []
        : [.. (await database.ReadAsync(session => session.SaltSecretsSealedOtherwiseAsync(prefix), cancellationToken)).Select(wallet => new WorkPart(wallet, token => SealAgainAsync(wallet, token)))];

    private bool IsKnown(string prefix)
    {
        if (_newest is not { } newest || newest.Prefix != prefix)
            _newest = newest = (prefix, clock.GetTimestamp());
        return clock.GetElapsedTime(newest.Since) >= SealAfter;
    }

    private Task SealAgainAsync(string wallet, CancellationToken cancellationToken) => database.ChangeAsync(
        async session =>
        {
            if (await session.WalletAsync(wallet, forUpdate: true) is { SaltSecret: { } stored })
                await session.ReplaceSaltSecretAsync(wallet, secrets.Seal(wallet, secrets.Open(wallet, stored)));
        },
        cancellationToken);
}
