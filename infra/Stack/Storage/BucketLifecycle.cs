using System.Collections.Immutable;

namespace HaCluster.Stack.Storage;

/// <summary>What becomes of objects as they age. Uploads that were begun and never finished go after a week in any case.</summary>
public sealed record BucketLifecycle
{
    /// <summary>Cheaper classes and the days after which an object moves there, such as <c>(90, "GLACIER_IR")</c>.</summary>
    public ImmutableArray<(int Days, string StorageClass)> Transitions { get; init; } = [];

    /// <summary>Days after which an object is deleted; null keeps it. A lock that lasts longer wins.</summary>
    public int? ExpireAfterDays { get; init; }

    /// <summary>Objects whose names begin so are those that are deleted.</summary>
    public string ExpirePrefix { get; init; } = "";

    /// <summary>Days that a version outlives its replacement or deletion: the time to notice a mistake.</summary>
    public int KeepReplacedDays { get; init; } = 30;
}
