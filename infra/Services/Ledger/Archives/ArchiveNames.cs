using System.Globalization;

namespace HaCluster.Ledger.Archives;

/// <summary>Names of objects: in the order of their records, so that a listing shows gaps.</summary>
internal static class ArchiveNames
{
    /// <summary>A folder of its own, so that a rule for what expires can name all segments and nothing else.</summary>
    public const string AllSegments = "segments/";

    public const string AllCheckpoints = "checkpoints/";

    private const string SegmentEnd = ".ndjson";
    private const string CheckpointEnd = ".json";

    public static string Segments(string stream) => $"{AllSegments}{stream}/";

    public static string Checkpoints(string stream) => $"{AllCheckpoints}{stream}/";

    /// <param name="first">Sequence of its first record.</param>
    public static string Segment(string stream, long first) => $"{Segments(stream)}{first:D20}{SegmentEnd}";

    /// <param name="size">Records that it covers.</param>
    public static string Checkpoint(string stream, long size) => $"{Checkpoints(stream)}{size:D20}{CheckpointEnd}";

    public static string Key(string id) => $"keys/{id}.pem";

    /// <summary>The number in the name of a segment or checkpoint; null when it is neither.</summary>
    public static long? NumberOf(string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        var end = name.StartsWith(AllSegments, StringComparison.Ordinal) ? SegmentEnd : CheckpointEnd;
        return file.Length == 20 + end.Length && file.EndsWith(end, StringComparison.Ordinal)
            && long.TryParse(file.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
    }
}
