using System.Globalization;

namespace HaCluster.Stack.Settings.Backups;

/// <summary>
/// Five fields of cron, as Velero reads them (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format). Names of months and
/// weekdays and words such as <c>@daily</c> are refused: numbers say the same everywhere.
/// </summary>
public static class CronExpression
{
    private static readonly (string Name, int Least, int Most)[] Fields =
        [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 6)];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? FaultOf(string expression)
    {
        var parts = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
            return $"it has {parts.Length} fields";

        return Fields.Zip(parts)
            .Where(pair => !pair.Second.Split(',').All(item => IsItem(item, pair.First.Least, pair.First.Most)))
            .Select(pair => $"its {pair.First.Name} \"{pair.Second}\" is not one from {pair.First.Least} to {pair.First.Most}")
            .FirstOrDefault();
    }

    // *, N, N-M, each with /STEP where it makes sense.
    private static bool IsItem(string item, int least, int most)
    {
        var (range, step) = item.Split('/') switch
        {
            [var whole] => (whole, null),
            [var whole, var steps] => (whole, steps),
            _ => ("", null),
        };
        if (step is not null && !(Number(step) is { } every && every >= 1 && every <= most))
            return false;

        if (range == "*")
            return true;

        var ends = range.Split('-').Select(Number).ToArray();
        return ends.Length is 1 or 2
            && ends.All(end => end is { } number && number >= least && number <= most)
            && ends[0] <= ends[^1];
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
