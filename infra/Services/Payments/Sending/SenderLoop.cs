using HaCluster.Payments.Chains;
using HaCluster.Payments.Leases;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Sending;

/// <summary>Runs a chain's sender: round after round, for each wallet whose lease this replica gets.</summary>
internal sealed class SenderLoop(IChainSender sender, SenderContext context, string holder)
{
    /// <summary>Pauses grow to this while a node, the signer or the database is away.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            failures = await RoundAsync(cancellationToken) ? 0 : failures + 1;
            var pause = context.Options.Every * Math.Pow(2, Math.Min(failures, 5));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, context.Clock, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <returns>False: something was away.</returns>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var isWhole = true;
        try
        {
            foreach (var wallet in await context.Database.ReadAsync(session => Wallets.WalletStore.SendersAsync(session, sender.Chain), cancellationToken))
            {
                try
                {
                    var isOurs = await context.Database.TakeAsync($"sender/{wallet.Id}", holder, context.Options.Lease, context.Clock.GetUtcNow(), cancellationToken);
                    context.Metrics.Sends(wallet.Id, isOurs);
                    if (isOurs)
                        await sender.WorkAsync(wallet, cancellationToken);
                }
                catch (SigningRefusedException exception)
                {
                    // Not a refusal, which holds up one transfer: the signer answered with something else than was ordered.
                    context.Metrics.Alarm(wallet.Id, exception.Message);
                    isWhole = false;
                }
                catch (Exception exception) when (exception is NodeUnreachableException or NodeRefusedException or SignerUnavailableException or StoreUnavailableException or DuplicateException)
                {
                    // The other wallets go on; this one is tried again in the next round.
                    context.Metrics.SenderFailed(wallet.Id, exception.Message);
                    isWhole = false;
                }
            }
        }
        catch (StoreUnavailableException exception)
        {
            context.Metrics.StoreFailed(exception.Message);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        return isWhole;
    }

    /// <summary>Another replica goes on at once.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            foreach (var wallet in await context.Database.ReadAsync(session => Wallets.WalletStore.SendersAsync(session, sender.Chain)))
                await context.Database.GiveUpAsync($"sender/{wallet.Id}", holder, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // Then the leases run out.
        }
    }
}
