using System.Text.RegularExpressions;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>Maps objects to the settings that change them, so that a fix can name the setting. Names are without <c>ha-cluster:</c>.</summary>
internal sealed partial class SettingNames(bool areKnown)
{
    /// <summary>For objects without a setting: manifests.</summary>
    public static readonly SettingNames None = new(areKnown: false);

    public static readonly SettingNames OfStack = new(areKnown: true);

    public string? OfReplicas(Workload workload) => !areKnown ? null : workload.Id switch
    {
        "chains/bitcoin" => "chains.bitcoin.replicas",
        "chains/bitcoin-front" or "chains/ethereum-front" => "chains.front.replicas",
        "delivery/gitlab-runner" => "delivery.runner.replicas",
        _ when workload.Id.StartsWith("platform/envoy-platform-", StringComparison.Ordinal) => "edge.minReplicas",
        "kube-system/coredns" => "zones",
        var id when EthereumClient().Match(id) is { Success: true } match => $"chains.ethereum.clients.{match.Groups["client"].Value}",
        _ when workload.Namespace == QuotaSettings.SitePrefix + workload.Name => $"sites.{workload.Name}.minReplicas",
        _ => null,
    };

    public string? OfQuota(string @namespace) => areKnown && QuotaSettings.PathOf(@namespace) is { IsEmpty: false } path ? string.Join('.', path) : null;

    public string? OfGroup(string group) => !areKnown ? null : group switch
    {
        "system" or "general" => $"nodePools.{group}.min",
        "general-spot" => "nodePools.general.spot.min",
        _ when StatefulGroup().IsMatch(group) => "nodePools.stateful.min",
        _ => null,
    };

    public string? OfNat => areKnown ? "nat" : null;

    /// <param name="engine">As RDS calls it, such as <c>aurora-postgresql</c>.</param>
    public string? OfReaders(string engine) => !areKnown ? null : engine switch
    {
        "aurora-postgresql" => "databases.postgresql.readers",
        "aurora-mysql" => "databases.mysql.readers",
        _ => null,
    };

    [GeneratedRegex(@"^chains/ethereum-(?<client>geth|reth)\z")]
    private static partial Regex EthereumClient();

    [GeneratedRegex(@"^stateful-[0-9]+\z")]
    private static partial Regex StatefulGroup();
}
