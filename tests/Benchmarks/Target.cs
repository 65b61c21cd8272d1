namespace HaCluster.Benchmarks;

/// <summary>What a measurement is held against: met when <paramref name="Value"/> is not above <paramref name="Limit"/>.</summary>
internal sealed record Target(string What, double Value, double Limit)
{
    public bool IsMet => Value <= Limit;

    /// <summary>A third of the official SDK's time and memory.</summary>
    private const double Third = 1.0 / 3;

    public static IReadOnlyList<Target> Of(Contest stack, Contest many) =>
    [
        new($"{stack.Title}: wall time, C# / Node (median)", stack.Ratio(run => run.Seconds).Median, Third),
        new($"{stack.Title}: peak memory, C# / Node (median)", stack.Ratio(run => run.Megabytes).Median, Third),
        new($"{many.Title}: wall time in s, C# (worst)", many.Program.Max(run => run.Seconds), 5),
        new($"{many.Title}: peak memory in MB, C# (worst)", many.Program.Max(run => run.Megabytes), 250),
    ];
}
