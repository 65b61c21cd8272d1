namespace HaCluster.Operations.Ledger;

/// <summary>Which records of a stream.</summary>
/// <param name="From">Included; null: from the first.</param>
/// <param name="To">Not included; null: to the last.</param>
/// <param name="Words">All of which a record has to have; null: any record.</param>
/// <param name="Id">The producer's; null: any.</param>
/// <param name="First">Records at most.</param>
public sealed record LedgerQuestion(string Stream, DateTimeOffset? From, DateTimeOffset? To, string? Words, string? Id, int First)
{
    /// <summary>Of one page.</summary>
    private const int MostOfPage = 1000;

    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <param name="taken">Records of the pages before.</param>
    internal string PathAfter(string? cursor, int taken)
    {
        var path = $"/v1/records?stream={Uri.EscapeDataString(Stream)}&limit={Math.Min(MostOfPage, First - taken)}";
        foreach (var (name, value) in new[] { ("from", Rfc3339(From)), ("to", Rfc3339(To)), ("q", Words), ("id", Id), ("cursor", cursor) })
        {
            if (value is not null)
                path += $"&{name}={Uri.EscapeDataString(value)}";
        }

        return path;
    }

    private static string? Rfc3339(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
