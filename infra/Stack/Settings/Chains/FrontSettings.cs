namespace HaCluster.Stack.Settings.Chains;

/// <summary>The RPC front of each chain (<c>ha-cluster:chains.front</c>).</summary>
public sealed record FrontSettings
{
    /// <summary>Of each chain.</summary>
    public required int Replicas { get; init; }

    /// <summary>Requests per minute from one client address to one replica; more get status 429.</summary>
    public required int RequestsPerMinute { get; init; }

    public static FrontSettings Read(SettingsReader reader, int zones)
    {
        var settings = new FrontSettings
        {
            Replicas = reader.Int32(
                "replicas",
                "Replicas of the front of each chain, spread over the zones.",
                Math.Min(zones, 3), 2, 20, "with a single replica, every update and every lost node makes the chain unreachable: choose a number from 2 to 20"),
            RequestsPerMinute = reader.Int32(
                "requestsPerMinute",
                "Requests per minute from one client address to one replica; more get status 429.",
                6_000, 60, 1_000_000),
        };
        reader.Close();
        return settings;
    }
}
