using HaCluster.Payments.Metrics;

namespace HaCluster.Payments.Signing;

/// <summary>A signer whose refusals are counted: each means that the service asked for something that the signer's own policy or journal does not allow.</summary>
internal sealed class CountedSigner(ISigner signer, PaymentsMetrics metrics) : ISigner
{
    public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) => CountAsync(signer.SignAsync(order, cancellationToken));

    public Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken) => CountAsync(signer.SignAsync(order, cancellationToken));

    public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => CountAsync(signer.SignAsync(order, cancellationToken));

    public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => signer.ForswearAsync(order, cancellationToken);

    public void Dispose() => signer.Dispose();

    private async Task<SignedBytes> CountAsync(Task<SignedBytes> answer)
    {
        try
        {
            return await answer;
        }
        catch (SigningRefusedException exception)
        {
            metrics.SignerRefused(exception.Code);
            throw;
        }
    }
}
