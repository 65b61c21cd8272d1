using System.Collections.Concurrent;
using HaCluster.Operations.Connecting;

namespace HaCluster.Cmdlets.Sessions;

/// <summary>A connection of this process.</summary>
/// <param name="Name">As <c>-Connection</c> names it.</param>
/// <param name="Twin">The local twin that it is connected to; null for another cluster.</param>
internal sealed record OpenConnection(string Name, ClusterSession Session, TwinStatus? Twin)
{
    /// <exception cref="HaClusterException">The twin has ended.</exception>
    public void RequireTwin()
    {
        if (Twin is null || RunningTwins.Find(Twin.Name) is { } running && running.ProcessId == Twin.ProcessId)
            return;
        var again = RunningTwins.Find(Twin.Name) is null ? $"Start it again: Start-HaTwin -Stack {Twin.Stack} -TwinName {Twin.Name}; then" : "It was started again since:";
        var last = RunningTwins.LastLine(Twin.Name) is { } line ? $"; its log ends with: {line}" : "";
        throw new HaClusterException(
            FailureKind.NotConnected, "", $"twin {Twin.Name}", $"its process {Twin.ProcessId} has ended, and its cluster with it{last}", $"{again} Connect-HaCluster -Local -Twin {Twin.Name}");
    }
}

/// <summary>
/// The connections of this process. All its runspaces share them, so that <c>ForEach-Object -Parallel</c> and thread jobs need not connect again.
/// </summary>
internal static class OpenConnections
{
    private static readonly ConcurrentDictionary<string, OpenConnection> All = new(StringComparer.OrdinalIgnoreCase);
    private static volatile string? _current;

    /// <summary>The one that is used when no name is given; null without one.</summary>
    public static string? Current => _current;

    public static IReadOnlyList<OpenConnection> List() => [.. All.Values.OrderBy(connection => connection.Name, StringComparer.Ordinal)];

    /// <summary>Adds it, or takes the place of one with the same name, and makes it the current one.</summary>
    public static OpenConnection Add(string name, ClusterSession session, TwinStatus? twin = null)
    {
        var connection = new OpenConnection(name, session, twin);
        All.AddOrUpdate(name, connection, (_, before) =>
        {
            before.Session.Dispose();
            return connection;
        });
        _current = name;
        return connection;
    }

    /// <exception cref="HaClusterException">There is none, or not under this name.</exception>
    public static OpenConnection Find(string? name)
    {
        if ((name ?? _current) is { } wanted && All.TryGetValue(wanted, out var connection))
            return connection;
        throw name is null
            ? new HaClusterException(
                FailureKind.NotConnected, "", "", "no cluster is connected",
                "Connect first: Connect-HaCluster -Stack prod, or Start-HaTwin and Connect-HaCluster -Local")
            : new HaClusterException(
                FailureKind.NotConnected, "", name, "there is no connection of this name", Advice.Available(All.Keys.Order(StringComparer.Ordinal), "Connect first: Connect-HaCluster"));
    }

    public static bool Remove(string name)
    {
        if (!All.TryRemove(name, out var connection))
            return false;
        connection.Session.Dispose();
        if (string.Equals(_current, name, StringComparison.OrdinalIgnoreCase))
            _current = All.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        return true;
    }
}
