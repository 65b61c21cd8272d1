namespace HaCluster.Engine.Validation;

/// <summary>Finds the names that a mistyped name is closest to.</summary>
/// <remarks>Not by the package Quickenshtein: it counts no swap of neighbours as one mistake, which most mistypings are, and this source is also compiled into the program of the stack, which needs few packages.</remarks>
public static class NearestName
{
    /// <returns>A hint to append to a message, such as <c>; did you mean 'cidrBlock'?</c>, or nothing when no name is near.</returns>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        var near = Find(name, candidates, 1);
        return near.Count == 0 ? "" : $"; did you mean '{near[0]}'?";
    }

    /// <summary>The nearest candidates, the best first: at most a third of the letters may differ, ignoring case.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> candidates, int count) =>
    [
        .. candidates
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Max(name.Length, pair.candidate.Length) / 3))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .Take(count),
    ];

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.</summary>
    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[b.Length];
    }
}
