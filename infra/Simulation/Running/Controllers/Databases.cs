using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// Failover of an Aurora cluster: the reader of the lowest promotion tier becomes the writer
/// (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html).
/// </summary>
internal static class Databases
{
    /// <exception cref="ArgumentException">There is no such database, it has no reader, or it is failing over already.</exception>
    public static void Begin(RunState run, string name, string? target)
    {
        var database = run.Model.Databases.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException($"{name} is not a database of {run.Model.Name}", nameof(name));
        var now = Of(run, database);
        if (now.Next is not null)
            throw new ArgumentException($"{name} is failing over to {now.Next} already", nameof(name));
        var readers = database.Instances.Where(instance => instance.Name != now.Writer).OrderBy(instance => instance.Tier).ThenBy(instance => instance.Name, StringComparer.Ordinal);
        var next = target is null ? readers.FirstOrDefault() : readers.FirstOrDefault(instance => instance.Name == target);
        if (next is null)
            throw new ArgumentException(target is null ? $"{name} has no reader to fail over to" : $"{target} is not a reader of {name}", nameof(target));
        run.Databases = run.Databases.SetItem(name, now with { Next = next.Name });
        run.Log(new RunEvent.DatabaseFailoverStarted(run.Now, name, now.Writer, next.Name));
        run.Agenda.Add(run.Now + run.Timers.DatabaseFailover, new Due(DueKind.WriterMoves, Name: name));
    }

    public static void Move(RunState run, string name)
    {
        if (run.Databases[name].Next is not { } next)
            return;
        run.Databases = run.Databases.SetItem(name, new DatabaseRun(next));
        run.Log(new RunEvent.DatabaseFailoverEnded(run.Now, name, next));
    }

    public static DatabaseRun Of(RunState run, Database database) =>
        run.Databases.GetValueOrDefault(database.Name) ?? new DatabaseRun(database.Writer?.Name ?? "");
}
