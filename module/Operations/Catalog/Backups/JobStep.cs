using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Backups;

/// <summary>Runs a job in the cluster and waits until it is complete. By its name a run that goes on finds its own.</summary>
internal abstract record RunJobStep : Step
{
    public abstract string Namespace { get; init; }

    public abstract string Job { get; init; }

    public abstract string Purpose { get; init; }

    public abstract TimeSpan Timeout { get; init; }

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
        var job = await MakeAsync(context, cancellationToken);
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
                : "it is running";
        }, cancellationToken);
        return Facts(("job", "complete"));
    }

    protected abstract Task<JsonObject> MakeAsync(StepContext context, CancellationToken cancellationToken);

    /// <param name="spec">Taken over: it may have no other parent.</param>
    protected JsonObject Manifest(StepContext context, JsonNode spec, JsonNode? labels, string? instantiate) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = new JsonObject
        {
            ["name"] = Job,
            ["namespace"] = Namespace,
            ["labels"] = labels,
            ["annotations"] = instantiate is null
                ? new JsonObject { ["ha-cluster/operation"] = context.OperationId }
                : new JsonObject { ["cronjob.kubernetes.io/instantiate"] = instantiate, ["ha-cluster/operation"] = context.OperationId },
        },
        ["spec"] = spec,
    };

    private static string State(V1Job job) =>
        job.Status?.Conditions?.Any(condition => condition is { Type: "Complete", Status: "True" }) == true ? "complete"
        : job.Status?.Conditions?.Any(condition => condition is { Type: "Failed", Status: "True" }) == true ? "failed"
        : "running";
}

/// <summary>Runs the job of a CronJob now, as <c>kubectl create job --from</c> does.</summary>
internal sealed record JobStep(string Namespace, string CronJob, string Job, string Purpose, TimeSpan Timeout) : RunJobStep
{
    internal static readonly Kind<JsonObject> CronJobs = new("batch", "v1", "cronjobs", "CronJob", true);

    public override string Namespace { get; init; } = Namespace;

    public override string Job { get; init; } = Job;

    public override string Purpose { get; init; } = Purpose;

    public override TimeSpan Timeout { get; init; } = Timeout;

    protected override async Task<JsonObject> MakeAsync(StepContext context, CancellationToken cancellationToken)
    {
        var template = await context.Kubernetes.FindAsync(CronJobs, Namespace, CronJob, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET cronjobs", $"{Namespace}/{CronJob}", "there is no such CronJob", "Switch the part on in the settings (ha-cluster:chains, ha-cluster:backups)");
        var spec = template["spec"]!["jobTemplate"]!;
        return Manifest(context, spec["spec"]!.DeepClone(), spec["metadata"]?["labels"]?.DeepClone(), "manual");
    }
}

/// <summary>Runs a job of which the plan has the whole specification.</summary>
/// <param name="Spec">Of the job, as JSON.</param>
internal sealed record SpecifiedJobStep(string Namespace, string Job, string Purpose, string Spec, TimeSpan Timeout) : RunJobStep
{
    public override string Namespace { get; init; } = Namespace;

    public override string Job { get; init; } = Job;

    public override string Purpose { get; init; } = Purpose;

    public override TimeSpan Timeout { get; init; } = Timeout;

    protected override Task<JsonObject> MakeAsync(StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Manifest(context, JsonNode.Parse(Spec)!, new JsonObject { ["app.kubernetes.io/managed-by"] = "ha-cluster" }, instantiate: null));
}
