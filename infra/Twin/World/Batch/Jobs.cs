using System.Text.Json;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Batch;

/// <summary>
/// Jobs: their pods run to the end, failed ones are tried again, and the Job is complete or has failed
/// (https://kubernetes.io/docs/concepts/workloads/controllers/job/). A failed pod is replaced whatever its restart policy is.
/// </summary>
internal sealed class Jobs(World world)
{
    /// <summary>How long the program of a Job takes once it runs: the twin runs no programs, so that it is assumed.</summary>
    public static readonly TimeSpan RunTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10), LongestBackoff = TimeSpan.FromMinutes(6);

    /// <summary>Images of this tag end with an error, so that a Job that fails can be tried: <c>busybox:always-fails</c>.</summary>
    private const string FailingTag = ":always-fails";

    private DateTimeOffset Now => world.Clock.At(world.Run.Now);

    /// <summary>Pods that a Job is to have now.</summary>
    public static int Wanted(StoredObject job, JobProgress progress) => progress.IsOver || job.Find("spec", "suspend") is { ValueKind: JsonValueKind.True } ? 0
        : (int)Math.Min(job.Number("spec", "parallelism") ?? 1, Completions(job) - progress.Succeeded);

    public static long Completions(StoredObject job) => job.Number("spec", "completions") ?? job.Number("spec", "parallelism") ?? 1;

    /// <summary>A Job of the plan has ended before the world began; a proof counts it as running, which is the worst case.</summary>
    public JobProgress Ended(StoredObject job) => job.Find("spec", "suspend") is { ValueKind: JsonValueKind.True } ? new() : new() { Succeeded = (int)Completions(job), StartedAt = Now, EndedAt = Now };

    /// <summary>The object is new, or was changed.</summary>
    public void Follow(WorkloadRecord record, StoredObject job)
    {
        if (record.Job is not { IsOver: false, StartedAt: null } progress || record.Workload.Replicas == 0)
            return;
        progress.StartedAt = Now;
        if (job.Number("spec", "activeDeadlineSeconds") is { } seconds)
        {
            world.Remind(world.Run.Now + TimeSpan.FromSeconds(seconds), _ =>
            {
                if (!record.IsDeleted && !progress.IsOver)
                    End(record, ("DeadlineExceeded", "Job was active longer than specified deadline"));
            });
        }
    }

    /// <summary>Plans the end of pods that run. After the status of the Job is written.</summary>
    public void Show(WorkloadRecord record)
    {
        if (record.Job is not { } progress || record.IsDeleted)
            return;
        if (progress is { IsOver: true, IsAnnounced: false } && world.Store.Find(record.Kind, record.Workload.Namespace, record.Workload.Name) is { } ended)
        {
            progress.IsAnnounced = true;
            world.CronJobs.Ended(ended);
        }

        foreach (var pod in world.Run.PodsOf(record.Workload).Where(pod => pod is { IsReady: true, IsTerminating: false } && progress.Watched.Add(pod.Pod)))
            world.Remind(world.Run.Now + RunTime, _ => Finish(record, progress, pod.Pod));
    }

    private void Finish(WorkloadRecord record, JobProgress progress, Pod pod)
    {
        // On a node that failed meanwhile it ends when the node is back, or another takes its place.
        progress.Watched.Remove(pod);
        if (record.IsDeleted || progress.IsOver || !record.Live.TryGetValue(pod, out var live)
            || world.Run.PodsOf(record.Workload).FirstOrDefault(one => ReferenceEquals(one.Pod, pod)) is not { IsReady: true, IsTerminating: false } status
            || world.Run.LossOf(status.Node!) is not null
            || world.Store.Find(record.Kind, record.Workload.Namespace, record.Workload.Name) is not { } job)
            return;
        var succeeds = !Fails(job);
        if (succeeds)
            progress.Succeeded++;
        else
            progress.Failed++;
        record.Live.Remove(pod);
        world.Volumes.Leave(pod);
        if (world.Store.Change(world.Store.Kinds["pods"], pod.Namespace, pod.Name, value => PodObjects.End(value, live, succeeds, PodObjects.Stamp(Now))) is { } written)
            world.Records.Wrote(written);
        var left = Wanted(job, progress);
        var others = world.Run.PodsOf(record.Workload).Count(one => !one.IsTerminating) - 1;
        // A failed pod is not replaced at once.
        world.Run.Apply(new Change.PodFinished($"{pod.Namespace}/{pod.Name}", succeeds ? left : Math.Min(left, others)));
        record.Workload = record.Workload with { Replicas = succeeds ? left : Math.Min(left, others) };
        if (progress.Succeeded >= Completions(job))
            End(record, null);
        else if (!succeeds && progress.Failed > (job.Number("spec", "backoffLimit") ?? 6))
            End(record, ("BackoffLimitExceeded", "Job has reached the specified backoff limit"));
        else if (!succeeds)
            world.Remind(world.Run.Now + Backoff(progress.Failed), _ => Retry(record, progress));
    }

    private void Retry(WorkloadRecord record, JobProgress progress)
    {
        if (record.IsDeleted || progress.IsOver || world.Store.Find(record.Kind, record.Workload.Namespace, record.Workload.Name) is not { } job)
            return;
        record.Workload = record.Workload with { Replicas = Wanted(job, progress) };
        world.Run.Apply(new Change.WorkloadApplied(record.Workload));
    }

    private void End(WorkloadRecord record, (string Reason, string Message)? failure)
    {
        (record.Job!.EndedAt, record.Job.Failure) = (Now, failure);
        record.Workload = record.Workload with { Replicas = 0, MinServing = 0 };
        world.Run.Apply(new Change.WorkloadApplied(record.Workload));
        if (world.Store.Find(record.Kind, record.Workload.Namespace, record.Workload.Name) is not { } job)
            return;
        if (job.Number("spec", "ttlSecondsAfterFinished") is { } seconds)
            world.Remind(world.Run.Now + TimeSpan.FromSeconds(seconds), _ => Expire(job));
    }

    private void Expire(StoredObject job)
    {
        if (world.Store.Find(job.Kind, job.Namespace, job.Name) is { } found && found.Uid == job.Uid)
            world.Store.Delete(job.Kind, job.Namespace, job.Name);
    }

    private static TimeSpan Backoff(int failures) =>
        TimeSpan.FromTicks(Math.Min(LongestBackoff.Ticks, FirstBackoff.Ticks << Math.Min(failures - 1, 16)));

    private static bool Fails(StoredObject job) => job.Find("spec", "template", "spec", "containers") is { ValueKind: JsonValueKind.Array } containers
        && containers.EnumerateArray().Any(container => container.TryGetProperty("image", out var image) && image.GetString()!.EndsWith(FailingTag, StringComparison.Ordinal));
}
