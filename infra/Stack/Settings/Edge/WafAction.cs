namespace HaCluster.Stack.Settings.Edge;

/// <summary>What the firewall does with a request that a rule finds.</summary>
public enum WafAction
{
    /// <summary>Answers 403 itself.</summary>
    Block,

    /// <summary>Writes it down and lets it pass: to see who would be hit.</summary>
    Count,
}
