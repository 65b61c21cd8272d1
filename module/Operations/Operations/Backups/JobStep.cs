using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Backups;

/// <summary>Runs the job of a CronJob now, as <c>kubectl create job --from</c> does, and waits until it is complete.</summary>
/// <param name="Job">The name of the job: by it a run that goes on finds its own.</param>
internal sealed record JobStep(string Namespace, string CronJob, string Job, string Purpose, TimeSpan Timeout) : Step
{
    public override string Id => $"job/{Namespace}/{Job}";

    public override string Title => $"{Purpose} (job {Namespace}/{Job})";

    public override string Subject => $"job/{Namespace}/{Job}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var job = await context.Kubernetes.FindAsync(Kinds.Jobs, Namespace, Job, cancellationToken);
        var found = Facts(("job", job is null ? "none" : State(job)));
        return job is null ? StepCheck.ToDo(found) : State(job) == "complete" ? StepCheck.Done(found, "it is complete") : StepCheck.UnderWay(found, $"it is {State(job)}");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var template = await context.Kubernetes.FindAsync(CronJobs, Namespace, CronJob, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET cronjobs", $"{Namespace}/{CronJob}", "there is no such CronJob", "Switch the part on in the settings (ha-cluster:chains, ha-cluster:backups)");
        var spec = template["spec"]!["jobTemplate"]!;
        var job = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = Job,
                ["namespace"] = Namespace,
                ["labels"] = spec["metadata"]?["labels"]?.DeepClone(),
                ["annotations"] = new JsonObject { ["cronjob.kubernetes.io/instantiate"] = "manual", ["ha-cluster/operation"] = context.OperationId },
            },
            ["spec"] = spec["spec"]!.DeepClone(),
        };
        try
        {
            await context.Kubernetes.CreateAsync(Kinds.Jobs.As<JsonObject>(), Namespace, job, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
        {
            // The response of an earlier attempt was lost.
        }
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            var job = await context.Kubernetes.FindAsync(Kinds.Jobs, Namespace, Job, token);
            return job is null ? "the job is gone"
                : State(job) == "failed" ? throw context.NotReached(this, $"it failed: {job.Status.Conditions.First(condition => condition.Type == "Failed").Message}; kubectl -n {Namespace} logs job/{Job}")
                : State(job) == "complete" ? null
                : "it runs";
        }, cancellationToken);
        return Facts(("job", "complete"));
    }

    internal static readonly Kind<JsonObject> CronJobs = new("batch", "v1", "cronjobs", "CronJob", true);

    private static string State(V1Job job) =>
        job.Status?.Conditions?.Any(condition => condition is { Type: "Complete", Status: "True" }) == true ? "complete"
        : job.Status?.Conditions?.Any(condition => condition is { Type: "Failed", Status: "True" }) == true ? "failed"
        : "running";
}
