namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>Makes alerts about chains: same team, same dashboard.</summary>
internal static class ChainAlert
{
    public static AlertFactory Of { get; } = AlertRule.Of(AlertTeam.Chains, DashboardUid.Chains);
}
