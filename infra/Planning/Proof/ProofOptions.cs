namespace HaCluster.Planning.Proof;

/// <summary>How a proof is made.</summary>
public sealed record ProofOptions
{
    /// <summary>Decides between placements that score the same.</summary>
    public int Seed { get; init; }

    /// <summary>Above this many machines a class that is played in virtual time is played for one machine of each kind, and the rest follows by symmetry.</summary>
    public int MostNodesPlayed { get; init; } = 60;

    /// <summary>Look for the smallest change that mends each violation.</summary>
    public bool SeeksRepairs { get; init; } = true;

    /// <summary>Above this many machines no repairs are sought: each takes a proof of its own.</summary>
    public int MostNodesMended { get; init; } = 100;
}
