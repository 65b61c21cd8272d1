namespace HaCluster.Payments.Store;

/// <summary>Ids begin with what they name and sort by the time at which they were made.</summary>
internal static class Ids
{
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{Guid.CreateVersion7(now):N}";
}
