using System.Numerics;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Policies;

/// <summary>What a policy says of a transfer.</summary>
internal abstract record Verdict
{
    /// <param name="Code">Stable, for programs.</param>
    internal sealed record Refused(string Code, string Detail) : Verdict;

    /// <param name="Approvals">By others, before it is signed; 0: none.</param>
    internal sealed record Allowed(int Approvals) : Verdict;
}

/// <summary>What is asked, and what is known of the wallet when it is asked.</summary>
/// <param name="MaxFee">The most that the transfer may cost.</param>
/// <param name="IsListed">Whether the destination is allowed now.</param>
/// <param name="SpentToday">Of the asset, in the last 24 hours, without this one; null: the limit of a day has let it pass before, and is not asked again.</param>
internal sealed record Question(Asset Asset, BigInteger Amount, BigInteger MaxFee, string Destination, bool IsListed, BigInteger? SpentToday, bool IsStopped);

/// <summary>The rules, without any reading or writing: the service and the signer ask the same ones, each with a copy of its own.</summary>
internal static class PolicyRules
{
    public static Verdict Judge(PolicyDocument? policy, Question question)
    {
        if (question.IsStopped)
            return new Verdict.Refused("kill-switch", "the kill switch is on: no transfer is accepted or signed");
        if (policy is null)
            return new Verdict.Refused("no-policy", "the wallet has no policy: an administrator must set one before it can send");
        if (!policy.Assets.TryGetValue(question.Asset.ToString(), out var limits))
            return new Verdict.Refused("asset-not-allowed", $"the policy has no limits for {question.Asset}");
        if (!question.IsListed)
            return new Verdict.Refused("destination-not-allowed", $"{question.Destination} is not an allowed destination of the wallet, or its delay has not passed yet");
        if (question.Amount > limits.MostPerTransfer)
            return new Verdict.Refused("above-transfer-limit", $"{question.Amount} is more than one transfer may move ({limits.PerTransfer})");
        if (question.MaxFee > limits.MostFee)
            return new Verdict.Refused("above-fee-limit", $"maxFee {question.MaxFee} is more than one transfer may cost ({limits.MaxFee})");
        if (question.SpentToday + question.Amount > limits.MostPerDay)
            return new Verdict.Refused("above-daily-limit", $"{question.Amount} after {question.SpentToday} in 24 hours is more than the wallet may move ({limits.PerDay})");
        return new Verdict.Allowed(question.Amount > limits.MostUnapproved ? policy.Approvals : 0);
    }
}
