namespace HaCluster.Planning.Proof;

/// <summary>How a proof is made.</summary>
public sealed record ProofOptions
{
    /// <summary>Decides between placements that score the same.</summary>
    public int Seed { get; init; }

    /// <summary>Look for the smallest change that mends each violation.</summary>
    public bool SeeksRepairs { get; init; } = true;

    /// <summary>Above this many machines no repairs are sought: each takes a proof of its own.</summary>
    public int MostNodesMended { get; init; } = 100;
}
