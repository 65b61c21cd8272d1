using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A watcher and a sender of Bitcoin in turns: the sender works on what the watcher has stored.</summary>
internal sealed class WatchingSender(ChainWatcher watcher, BitcoinSender sender) : IChainSender
{
    public string Chain => sender.Chain;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        await watcher.WorkAsync(cancellationToken);
        await sender.WorkAsync(wallet, cancellationToken);
    }
}
