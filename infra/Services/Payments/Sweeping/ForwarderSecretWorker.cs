using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Sweeping;

/// <summary>Seals secrets with the newest key, so that an older one can go. Each minute, since a replica that has not read the newest key yet seals with the one before.</summary>
internal sealed class ForwarderSecretWorker(Database database, ForwarderSecrets secrets) : IWorker
{
    public string Name => "forwarder-secrets";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => secrets.Prefix is not { } prefix ? []
        : [.. (await database.ReadAsync(session => session.SaltSecretsSealedOtherwiseAsync(prefix), cancellationToken)).Select(wallet => new WorkPart(wallet, token => SealAgainAsync(wallet, token)))];

    private Task SealAgainAsync(string wallet, CancellationToken cancellationToken) => database.ChangeAsync(
        async session =>
        {
            if (await session.WalletAsync(wallet, forUpdate: true) is { SaltSecret: { } stored })
                await session.ReplaceSaltSecretAsync(wallet, secrets.Seal(wallet, secrets.Open(wallet, stored)));
        },
        cancellationToken);
}
