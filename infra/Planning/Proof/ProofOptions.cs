using System.Collections.Immutable;

namespace HaCluster.Planning.Proof;

/// <summary>The options of a proof.</summary>
public sealed record ProofOptions
{
    /// <summary>The seed for ties between placements.</summary>
    public int Seed { get; init; }

    /// <summary>Time for looking for fixes; zero for none.</summary>
    public TimeSpan FixTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the stack file sets a value, by its path below <c>ha-cluster:</c>: a fix must then change that value too.</summary>
    public Func<ImmutableArray<string>, bool> IsSet { get; init; } = _ => false;
}

/// <summary>The progress of a proof.</summary>
/// <param name="IsFixing">Fixes are looked for; before that, scenarios are tried.</param>
/// <param name="Done">Classes of scenarios tried, or violations that fixes were looked for.</param>
/// <param name="Total">The total number.</param>
public sealed record ProofProgress(bool IsFixing, int Done, int Total);
