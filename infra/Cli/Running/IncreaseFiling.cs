using HaCluster.Account;
using HaCluster.Account.Wire;
using HaCluster.Cli.Terminal;
using HaCluster.Planning;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.ServiceQuotas;
using Spectre.Console;

namespace HaCluster.Cli.Running;

/// <summary>
/// Requests increases of quotas that are too small, adjustable and not requested yet, after confirmation.
/// </summary>
internal sealed class IncreaseFiling(AwsAccount account, Terminals terminals)
{
    public async Task FileAsync(QuotaComparison comparison, bool isAgreed, CancellationToken cancellationToken)
    {
        var wanted = new List<QuotaAnswer>();
        foreach (var answer in comparison.Short)
        {
            if (await ObstacleAsync(answer.Need.Quota, cancellationToken) is { } obstacle)
                Say($"not requested: {Name(answer)}: {obstacle}");
            else
                wanted.Add(answer);
        }

        if (wanted.Count == 0)
        {
            Say(comparison.Short.Any() ? "nothing is left to request" : "no quota is too small; nothing is requested");
            return;
        }

        foreach (var answer in wanted)
            Say($"to request: {Name(answer)}: {Quantity.Number(answer.Wanted)} instead of {Quantity.Number(answer.Limit.Value ?? 0)}");
        var question = $"File {Wording.Count(wanted.Count, "request")} with AWS for account {comparison.Account}?";
        if (!isAgreed && !await terminals.Error.ConfirmAsync(Markup.Escape(question), defaultValue: false, cancellationToken))
        {
            Say("nothing was requested");
            return;
        }

        foreach (var answer in wanted)
            await FileAsync(answer, cancellationToken);
    }

    /// <summary>Why a quota is not requested; null when it can be.</summary>
    private async Task<string?> ObstacleAsync(ServiceQuota quota, CancellationToken cancellationToken)
    {
        if (!quota.IsAdjustable)
            return "this quota is not adjustable; reduce what the stack declares";
        try
        {
            return await account.FindOpenRequestAsync(AccountSurvey.ReferenceTo(quota), cancellationToken) is { } open
                ? $"a request for {Quantity.Number(open.DesiredValue)} is open ({open.Status}, {open.Id})"
                : null;
        }
        catch (AwsCallException exception)
        {
            // Without the history it is not known whether this would be a duplicate request.
            return $"whether a request is open cannot be read ({exception.Reason})";
        }
    }

    private async Task FileAsync(QuotaAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            var filed = await account.RequestIncreaseAsync(AccountSurvey.ReferenceTo(answer.Need.Quota), answer.Wanted, cancellationToken);
            Say($"requested: {Name(answer)}: {Quantity.Number(filed.DesiredValue)}, {filed.Status}, {filed.Id}");
        }
        catch (AwsCallException exception)
        {
            ErrorView.Show(terminals.Error, $"not accepted: {Name(answer)}: {exception.Message}");
        }
    }

    private static string Name(QuotaAnswer answer) => $"{answer.Need.Quota.Code ?? answer.Need.Quota.Service} {answer.Need.Quota.Name}";

    private void Say(string line) => terminals.Error.WriteLine(line);
}
