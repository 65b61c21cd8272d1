using System.Collections.Immutable;

namespace HaCluster.Benchmarks;

/// <summary>The same graph declared by two programs, measured in turns so that whatever else the machine does hits both.</summary>
internal sealed record Contest(string Title, ImmutableArray<Measurement> Program, ImmutableArray<Measurement> Official)
{
    /// <summary>One program alone.</summary>
    public static async Task<Contest> AloneAsync(string title, Contestant program, int rounds)
    {
        var runs = ImmutableArray.CreateBuilder<Measurement>();
        for (var round = 0; round < rounds; round++)
            runs.Add(await program.RunAsync());
        return new Contest(title, runs.ToImmutable(), []);
    }

    /// <param name="rounds">Counted rounds; one more, before them, warms up disk and engine.</param>
    public static async Task<Contest> HoldAsync(string title, Contestant program, Contestant official, int rounds)
    {
        var (ours, theirs) = (ImmutableArray.CreateBuilder<Measurement>(), ImmutableArray.CreateBuilder<Measurement>());
        for (var round = 0; round <= rounds; round++)
        {
            var (mine, other) = (await program.RunAsync(), await official.RunAsync());
            if (mine.Resources != other.Resources)
                throw new InvalidOperationException($"{title}: {program.Name} declared {mine.Resources} resources, {official.Name} {other.Resources}");
            if (round == 0)
                continue;
            ours.Add(mine);
            theirs.Add(other);
        }
        return new Contest(title, ours.ToImmutable(), theirs.ToImmutable());
    }

    public int Resources => Program[0].Resources;

    public Spread Ratio(Func<Measurement, double> of) => Spread.Of(Program.Zip(Official, (mine, other) => of(mine) / of(other)));
}

/// <summary>How values of several rounds lie.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return new Spread(sorted[0], sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[^1]);
    }
}
