namespace HaCluster.Planning.Proof.Report;

/// <summary>The stable name of an invariant, and the page that explains it.</summary>
public static class InvariantPages
{
    public static string NameOf(Invariant invariant) => invariant switch
    {
        Invariant.Serving => "serving",
        Invariant.StaticStability => "static-stability",
        Invariant.Volumes => "volumes",
        Invariant.Quorum => "quorum",
        Invariant.Routes => "routes",
        Invariant.QuotaRoom => "quota-room",
        Invariant.Eviction => "eviction",
        Invariant.BlastRadius => "blast-radius",
        _ => "recovery-time",
    };

    /// <summary>Below the root of the repository.</summary>
    public static string PageOf(Invariant invariant) => $"examples/runbooks/proof/{NameOf(invariant)}.md";
}
