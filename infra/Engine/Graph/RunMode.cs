namespace HaCluster.Engine.Graph;

/// <summary>How the engine answers registrations.</summary>
public enum RunMode
{
    /// <summary>As <c>pulumi preview</c> of a new stack: ids and outputs are unknown.</summary>
    Preview,

    /// <summary>As if everything had been created: plausible ids, ARNs and endpoints, equal in every run.</summary>
    Simulated,
}
