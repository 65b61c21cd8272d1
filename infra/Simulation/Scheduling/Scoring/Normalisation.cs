namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>Brings scores of any range to 0..100.</summary>
internal static class Normalisation
{
    public const long MaxScore = 100;

    /// <summary>
    /// In proportion to the largest, or the other way round. Mirrors
    /// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/helper/normalize_score.go.
    /// </summary>
    public static void ByLargest(Span<long> scores, bool isReversed)
    {
        var largest = 0L;
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        foreach (ref var score in scores)
        {
            score = largest == 0 ? 0 : MaxScore * score / largest;
            if (isReversed)
                score = MaxScore - score;
        }
    }
}
