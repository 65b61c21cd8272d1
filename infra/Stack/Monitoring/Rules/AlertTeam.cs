using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Who is told; Alertmanager routes by it.</summary>
public static class AlertTeam
{
    public const string Platform = "platform";
    public const string Chains = "chains";
    public const string Data = "data";

    /// <summary>The team that the series names: the one of the service group.</summary>
    public const string OfService = "{{ $labels.team }}";

    /// <summary>All teams there are a route for.</summary>
    public static readonly ImmutableArray<string> All = [Platform, Chains, Data, "payments", "delivery"];
}
