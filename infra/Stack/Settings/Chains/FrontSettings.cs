namespace HaCluster.Stack.Settings.Chains;

/// <summary>The RPC front of each chain (<c>ha-cluster:chains.front</c>).</summary>
public sealed record FrontSettings
{
    /// <summary>Of each chain.</summary>
    public required int Replicas { get; init; }

    /// <summary>Most that one client address may ask of one replica; more is answered by 429.</summary>
    public required int RequestsPerMinute { get; init; }

    public static FrontSettings Read(SettingsReader reader, int zones)
    {
        var settings = new FrontSettings
        {
            Replicas = reader.Int32(
                "replicas",
                "Fronts of each chain, spread over the zones.",
                Math.Min(zones, 3), 2, 20, "with one, every update and every lost node closes the chain: choose a number from 2 to 20"),
            RequestsPerMinute = reader.Int32(
                "requestsPerMinute",
                "Requests that one client address may make of one replica; more are answered with 429.",
                6_000, 60, 1_000_000),
        };
        reader.Close();
        return settings;
    }
}
