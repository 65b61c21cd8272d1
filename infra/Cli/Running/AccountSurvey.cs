using System.Collections.Immutable;
using HaCluster.Account;
using HaCluster.Account.Limits;
using HaCluster.Account.Use;
using HaCluster.Engine.Graph;
using HaCluster.Planning.ServiceQuotas;
using Spectre.Console;

namespace HaCluster.Cli.Running;

/// <summary>Reads from an account the limits and the usage of the quotas that a plan needs, with a progress line.</summary>
internal sealed class AccountSurvey(AwsAccount account, IAnsiConsole console)
{
    public async Task<QuotaComparison> CompareAsync(ResourceGraph graph, QuotaNeeds needs, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Ansi || !console.Profile.Capabilities.Interactive)
            return await AskAsync(graph, needs, progress: null, cancellationToken);
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync(
            "reading the account", status => AskAsync(graph, needs, new StatusLine(status), cancellationToken));
    }

    public static QuotaReference ReferenceTo(ServiceQuota quota) =>
        new(quota.Service, quota.Code ?? "", quota.Scope == QuotaScope.Account || quota.Service == "iam");

    private async Task<QuotaComparison> AskAsync(
        ResourceGraph graph, QuotaNeeds needs, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var number = await account.IdentifyAsync(cancellationToken);
        var listed = needs.Needs.Select(need => need.Quota).Where(quota => quota.Code is not null).ToList();
        var limits = (await account.ReadLimitsAsync(listed.Select(ReferenceTo), progress, cancellationToken))
            .ToDictionary(limit => (limit.ServiceCode, limit.QuotaCode));
        var names = DeclaredNames.Of(graph);
        var uses = (await account.ReadUseAsync(
                new ClusterOwnership(names.Cluster, names.All), VirtualCpuQuotas.Codes, VirtualCpuQuotas.CodeOf, progress, cancellationToken))
            .ToDictionary(use => (use.ServiceCode, use.QuotaCode));
        var isPresent = needs.LinkedRole is null ? null : await account.HasRoleAsync(LinkedRole.Path, LinkedRole.Name, cancellationToken);
        return QuotaComparison.Of(number, needs with { LinkedRole = needs.LinkedRole is { } role ? role with { IsPresent = isPresent } : null }, UseOf, LimitOf);

        QuotaReading UseOf(ServiceQuota quota) => uses.GetValueOrDefault((quota.Service, quota.Code ?? "")) is { } use
            ? new QuotaReading(use.Others, use.Unread)
            : QuotaReading.Missing("its use is not counted");

        // A limit that Service Quotas does not list is the same in every account.
        QuotaReading LimitOf(ServiceQuota quota) => quota.Code is null ? new QuotaReading(quota.Default)
            : limits.GetValueOrDefault((quota.Service, quota.Code)) is { } limit ? new QuotaReading(limit.Value, limit.Unread)
            : QuotaReading.Missing("its limit was not read");
    }

    private sealed class StatusLine(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status = Markup.Escape($"reading the account: {value}");
    }
}
