namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>A process that can be killed.</summary>
internal interface IVictim
{
    bool IsDead { get; }

    /// <summary>Kills it if it is to die at this point.</summary>
    bool Dies(string point);
}

/// <summary>
/// The points that the processes of one operation come to, and those of them at which they die: before and after each entry of the journal, and before and
/// after each change that the twin receives. Points have the same names in every process.
/// </summary>
/// <param name="dies">Given a point that was not passed before.</param>
internal sealed class KillPoints(Func<string, bool> dies, IEnumerable<string>? passed = null)
{
    private readonly HashSet<string> known = [.. passed ?? []];
    private readonly List<string> ordered = [];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<string> Passed
    {
        get
        {
            lock (known)
                return [.. ordered];
        }
    }

    /// <summary>
    /// Those of every run of the operation: not what it notes of pods that happen to wait, nor the renewal of a lease that happens to be due, nor evictions. Which
    /// pods are still on a node is also a matter of what scales meanwhile; and they are sent side by side: a process that dies at one does not see the others.
    /// </summary>
    public IEnumerable<string> Certain => Passed.Where(point =>
        !point.EndsWith("entry note", StringComparison.Ordinal)
        && !point.EndsWith("PUT namespaces/ha-cluster/leases/operation", StringComparison.Ordinal)
        && !IsEviction(point));

    public static bool IsEviction(string point) => point.EndsWith("/eviction", StringComparison.Ordinal);

    /// <summary>The process that comes to a point for the first time dies there, and the next one passes it.</summary>
    public static KillPoints EachOnce(IEnumerable<string>? passed = null) => new(_ => true, passed);

    public static KillPoints Only(string point) => new(other => other == point);

    public static KillPoints None() => new(_ => false);

    public bool IsLethal(string point)
    {
        lock (known)
        {
            if (!known.Add(point))
                return false;
            ordered.Add(point);
            return dies(point);
        }
    }
}
