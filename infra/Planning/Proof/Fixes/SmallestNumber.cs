namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Finds the smallest number that works with few attempts: growing steps up, then binary search down.</summary>
internal static class SmallestNumber
{
    /// <returns>Null when none up to <paramref name="most"/> was found.</returns>
    public static int? Find(int from, int most, Func<int, bool> works)
    {
        var fails = from - 1;
        for (var step = 1; ; step *= 2)
        {
            var number = Math.Min(most, fails + step);
            if (number <= fails)
                return null;
            if (works(number))
                return Between(fails, number, works);
            fails = number;
        }
    }

    private static int Between(int fails, int holds, Func<int, bool> works)
    {
        while (holds - fails > 1)
        {
            var middle = (fails + holds) / 2;
            if (works(middle))
                holds = middle;
            else
                fails = middle;
        }

        return holds;
    }
}
