namespace HaCluster.Cli.Commands;

/// <summary>What a mistyped word was probably meant to be.</summary>
internal static class Suggestion
{
    private const int MostEdits = 2;

    /// <summary>The nearest candidate within two edits, or null.</summary>
    public static string? For(string word, IEnumerable<string> candidates) =>
        candidates.Select(candidate => (candidate, Edits: Distance(word, candidate)))
            .Where(pair => pair.Edits <= MostEdits && pair.Edits < word.Length)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    private static int Distance(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                var replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[from.Length, to.Length];
    }
}
