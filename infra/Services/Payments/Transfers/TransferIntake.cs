using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Transfers;

/// <summary>What became of a transfer that was asked for.</summary>
internal abstract record Intake
{
    /// <summary>It is stored and its funds are reserved; approved at once where the policy needs nobody's approval.</summary>
    internal sealed record Accepted(Transfer Transfer) : Intake;

    /// <summary>The policy forbids it; nothing was stored.</summary>
    internal sealed record Refused(Verdict.Refused Verdict) : Intake;
}

/// <summary>The one way in for transfers, whoever asks for them: the policy is asked, the funds are reserved.</summary>
internal static class TransferIntake
{
    /// <summary>The window of daily limits.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <param name="wallet">Read for update: of transfers that are asked for at the same moment each sees those before it in the daily limit.</param>
    /// <param name="destination">In its one form (<see cref="Networks.TryParseAddress"/>).</param>
    /// <param name="maxFee">Null: what the policy allows.</param>
    /// <exception cref="NotCoveredException">The wallet does not have so much.</exception>
    public static async Task<Intake> AskAsync(
        this Session session, Wallet wallet, Asset asset, string destination, BigInteger amount, BigInteger? maxFee, string actor, DateTimeOffset now)
    {
        // No node would pass it on, nor what is paid together with it.
        if (asset.Chain == Asset.Bitcoin && amount < Dust.Satoshi)
            return new Intake.Refused(new Verdict.Refused("below-dust", $"{amount} is less than the {Dust.Satoshi} satoshi below which nodes pass no payment on"));
        var (policy, isListed, isStopped) = await session.RulesAsync(wallet.Id, destination, now);
        // Without limits the policy refuses the transfer, whatever it may cost.
        var mostFee = maxFee ?? (policy?.Assets.TryGetValue(asset.ToString(), out var limits) is true ? limits.MostFee : 1);
        var question = new Question(asset, amount, mostFee, destination, isListed, await session.SpentSinceAsync(wallet.Id, asset.ToString(), now - Day), isStopped);
        var verdict = PolicyRules.Judge(policy, question);
        if (verdict is Verdict.Refused refused)
            return new Intake.Refused(refused);
        var approvals = verdict is Verdict.Allowed allowed ? allowed.Approvals : throw new InvalidOperationException("a verdict without an answer");
        var transfer = new Transfer
        {
            Id = Ids.New("trf", now),
            Wallet = wallet.Id,
            Chain = wallet.Chain,
            Asset = asset.ToString(),
            FeeAsset = asset.Fee.ToString(),
            Destination = destination,
            Amount = amount,
            MaxFee = mostFee,
            State = TransferState.Created,
            ApprovalsNeeded = approvals,
            CreatedBy = actor,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            UpdatedAt = now.ToUnixTimeMilliseconds(),
        };
        await session.CreateAsync(transfer, now);
        if (approvals == 0)
            transfer = await session.MoveAsync(transfer, TransferEvent.Approve, "policy", now) ?? throw new InvalidOperationException($"transfer {transfer.Id} is new and was changed");
        return new Intake.Accepted(transfer);
    }

    /// <summary>What the policy says of a transfer that waits for approvals, on the day on which they are given: it may have waited for long, and others with it.</summary>
    /// <param name="transfer">That is created. Its wallet is read for update.</param>
    public static async Task<Verdict> JudgeAgainAsync(this Session session, Transfer transfer, DateTimeOffset now)
    {
        var asset = Asset.TryParse(transfer.Asset, out var parsed) ? parsed : throw new InvalidOperationException($"transfer {transfer.Id} is of {transfer.Asset}");
        var (policy, isListed, isStopped) = await session.RulesAsync(transfer.Wallet, transfer.Destination, now);
        var since = now - Day;
        var spent = await session.SpentSinceAsync(transfer.Wallet, transfer.Asset, since);
        // It is one of those that were asked for.
        if (transfer.CreatedAt >= since.ToUnixTimeMilliseconds())
            spent -= transfer.Amount;
        return PolicyRules.Judge(policy, new Question(asset, transfer.Amount, transfer.MaxFee, transfer.Destination, isListed, spent, isStopped));
    }
}
