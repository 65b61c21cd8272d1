namespace HaCluster;

/// <summary>Recommendations that many failures give in the same words.</summary>
public static class Advice
{
    private const int Most = 20;

    /// <summary><c>Available: dev, prod</c>, with how many more there are beyond twenty.</summary>
    /// <param name="names">In the order in which they are shown.</param>
    /// <param name="none">The recommendation when there are none.</param>
    public static string Available(IEnumerable<string> names, string none)
    {
        var all = names.ToList();
        return all.Count == 0 ? none : $"Available: {string.Join(", ", all.Take(Most))}{(all.Count > Most ? $" and {all.Count - Most} more" : "")}";
    }
}
