using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Sending;

/// <summary>The transfers of a chain, each wallet by one replica.</summary>
internal sealed class SenderWorker(IChainSender sender, SenderContext context) : IWorker
{
    public string Name => "sender";

    public TimeSpan Every => context.Options.Every;

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
    {
        var wallets = await context.Database.ReadAsync(session => WalletStore.SendersAsync(session, sender.Chain), cancellationToken);
        return [.. wallets.Where(wallet => wallet.IsCold || context.Signer is not null).Select(wallet => new WorkPart(wallet.Id, token => sender.WorkAsync(wallet, token)))];
    }
}
