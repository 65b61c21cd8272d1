using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>Takes the transfers of a wallet on, each as far as it can: signs, stores, sends, and follows to the end.</summary>
internal interface IChainSender
{
    string Chain { get; }

    /// <summary>One round. It may be cut off anywhere, and begun again by another process: what is done twice is done once.</summary>
    Task WorkAsync(Wallet wallet, CancellationToken cancellationToken);
}
