using System.Collections;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Stacks;
using HaCluster.Operations.Viewing;

namespace HaCluster.Cmdlets.Completion;

/// <summary>Completes from the connected cluster.</summary>
public abstract class ClusterCompleter : ValueCompleter
{
    /// <summary>A person waits at the prompt. Tests wait longer: a busy machine must not look like a cluster without zones.</summary>
    internal static TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Asks the cluster that the line names, or the current one.</summary>
    private protected static T Ask<T>(IDictionary bound, Func<ClusterSession, CancellationToken, Task<T>> ask)
    {
        using var deadline = new CancellationTokenSource(Timeout);
        var session = OpenConnections.Find(bound["Connection"] as string).Session;
        return Task.Run(() => ask(session, deadline.Token), deadline.Token).GetAwaiter().GetResult();
    }

    private protected static IReadOnlyList<T> Look<T>(IDictionary bound, Func<IClusterViews, CancellationToken, Task<View<T>>> read) =>
        Ask(bound, async (session, token) => (await read(ClusterEngine.ViewsOf(session), token)).Items);
}

/// <summary>Zones, with their state.</summary>
public sealed class ZoneCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadZonesAsync(token)).Select(zone => (zone.Name, $"{zone.Health}, {zone.ReadyNodes} of {zone.Nodes} nodes ready {zone.Note}"));
}

/// <summary>Nodes, with zone and pool.</summary>
public sealed class NodeCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadNodesAsync(token)).Select(node => (node.Name, $"{node.Zone} {node.Pool} {node.Health} {node.Note}"));
}

/// <summary>Node groups, and the pools of the stack that they belong to.</summary>
public sealed class NodePoolCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound)
    {
        var groups = Look(bound, (views, token) => views.ReadNodePoolsAsync(token));
        return groups.Select(group => (group.Name, $"{group.Min} to {group.Max} nodes, now {group.Desired}"))
            .Concat(groups.Where(group => group.Pool.Length > 0).GroupBy(group => group.Pool).Select(pool => (pool.Key, $"{pool.Count()} node groups")));
    }
}

/// <summary>Namespaces that have workloads.</summary>
public sealed class NamespaceCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadWorkloadsAsync(token)).GroupBy(workload => workload.Namespace).Select(one => (one.Key, $"{one.Count()} workloads"));
}

/// <summary>Workloads, of the namespace that the line names.</summary>
public sealed class WorkloadCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound)
    {
        var spaces = bound["Namespace"] switch
        {
            string one => [one],
            string[] many => many,
            _ => (IReadOnlyCollection<string>)[],
        };
        return Look(bound, (views, token) => views.ReadWorkloadsAsync(token))
            .Where(workload => spaces.Count == 0 || spaces.Contains(workload.Namespace, StringComparer.OrdinalIgnoreCase))
            .Select(workload => (workload.Name, $"{workload.Kind} {workload.Namespace}/{workload.Name}, {workload.Ready} of {workload.Desired} ready"));
    }
}

/// <summary>Database clusters.</summary>
public sealed class DatabaseCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadDatabasesAsync(token)).Select(database => (database.Name, $"{database.Engine}, writer {database.Writer} in {database.WriterZone}"));
}

/// <summary>Readers of databases.</summary>
public sealed class DatabaseInstanceCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadDatabasesAsync(token))
            .Where(database => bound["Database"] is not string name || database.Name == name)
            .SelectMany(database => database.Instances).Where(instance => !instance.IsWriter)
            .Select(instance => (instance.Name, $"reader in {instance.Zone}, {instance.Status}"));
}

/// <summary>Pods of chain nodes.</summary>
public sealed class ChainPodCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadChainsAsync(token)).Select(node => (node.Pod, $"{node.Chain} {node.Client} in {node.Zone}: {node.Reason}"));
}

/// <summary>Streams of the finance log.</summary>
public sealed class LedgerStreamCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadLedgerAsync(token)).Select(stream => (stream.Stream, $"{stream.Records} records, {stream.Health} {stream.Note}"));
}

/// <summary>Backups.</summary>
public sealed class BackupCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadBackupsAsync(token)).Select(backup => (backup.Name, $"{backup.Phase} {backup.CompletedAt:u}"));
}

/// <summary>Alerts that Prometheus or Alertmanager has now.</summary>
public sealed class AlertCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Look(bound, (views, token) => views.ReadAlertsAsync(token)).Select(alert => (alert.Name, $"{alert.Severity} {alert.State}: {alert.Summary}"));
}

/// <summary>Operations of the journal.</summary>
public sealed class OperationCompleter : ClusterCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        Ask(bound, (session, token) => ClusterEngine.RunnerOf(session).ListAsync(token)).Select(operation => (operation.Id, $"{operation.Command} {operation.Target}: {operation.State}"));
}

/// <summary>Connections of this process.</summary>
public sealed class ConnectionCompleter : ValueCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        OpenConnections.List().Select(connection => (connection.Name, connection.Session.Info.Endpoint));
}

/// <summary>Stacks of the project in the current folder or above.</summary>
public sealed class StackCompleter : ValueCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        StackProject.Find(bound["ProjectDirectory"] as string ?? Directory.GetCurrentDirectory()).List().Select(stack => (stack.Name, $"{stack.Cluster} in {stack.Region}"));
}

/// <summary>Contexts of the kubeconfig.</summary>
public sealed class ContextCompleter : ValueCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        ClusterEngine.ContextsOf(bound["Kubeconfig"] as string).Select(context => (context, ""));
}

/// <summary>Twins that run on this machine.</summary>
public sealed class TwinCompleter : ValueCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) => RunningTwins.List().Select(twin => (twin.Name, $"stack {twin.Stack}"));
}
