using System.Collections.Immutable;

namespace HaCluster.Planning.Proof;

/// <summary>How a proof is made.</summary>
public sealed record ProofOptions
{
    /// <summary>Decides between placements that score the same.</summary>
    public int Seed { get; init; }

    /// <summary>Time for looking for fixes; zero for none.</summary>
    public TimeSpan FixTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the stack file itself sets a value, by its path below <c>ha-cluster:</c>: a fix then has to change it along with others.</summary>
    public Func<ImmutableArray<string>, bool> IsSet { get; init; } = _ => false;
}

/// <summary>How far a proof is.</summary>
/// <param name="IsFixing">Fixes are looked for; before that, scenarios are tried.</param>
/// <param name="Done">Classes of scenarios tried, or violations that fixes were looked for.</param>
/// <param name="Total">Of how many.</param>
public sealed record ProofProgress(bool IsFixing, int Done, int Total);
