namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>Makes alerts about chains: same team, same dashboard.</summary>
internal static class ChainAlert
{
    public static AlertRule Of(string name, string expression, string duration, string severity, string summary, string description) => new()
    {
        Name = name,
        Expression = expression,
        For = duration,
        Severity = severity,
        Team = AlertTeam.Chains,
        Summary = summary,
        Description = description,
        Dashboard = DashboardUid.Chains,
    };
}
