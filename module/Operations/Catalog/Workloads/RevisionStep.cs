using System.Text.Json.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Returns the pod template of a workload to a revision that the cluster has kept, and waits until it is rolled out.</summary>
internal sealed record RevisionStep(string Kind, string Namespace, string Name, string From, string Revision, TimeSpan Timeout) : Step
{
    public override string Id => $"revision/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Return {Kind} {Namespace}/{Name} to revision {Revision}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(90);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        var images = string.Join(", ", workload.Template.Spec.Containers.Select(container => container.Image));
        var found = Facts(("images", images));
        if (!await IsAtAsync(context, Revision, cancellationToken))
            return StepCheck.ToDo(found);
        return workload.Progress is null ? StepCheck.Done(found, $"it is at revision {Revision}") : StepCheck.UnderWay(found, workload.Progress);
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Revision, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token => (await CheckAsync(context, token)) is { Need: not StepNeed.Done } check ? check.Detail.Length > 0 ? check.Detail : "it is at another revision" : null, cancellationToken);
        return (await CheckAsync(context, cancellationToken)).Found;
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await IsAtAsync(context, Revision, cancellationToken))
            await SetAsync(context, From, cancellationToken);
    }

    private async Task<bool> IsAtAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        JsonNode.DeepEquals(
            await RevisionHistory.PresentAsync(context, Kind, Namespace, Name, cancellationToken),
            (await FindAsync(context, revision, cancellationToken)).Template);

    private async Task SetAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        await RevisionHistory.SetAsync(context, Kind, Namespace, Name, (await FindAsync(context, revision, cancellationToken)).Template, cancellationToken);

    private async Task<RevisionHistory> FindAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        (await RevisionHistory.ListAsync(context, Kind, Namespace, Name, cancellationToken)).FirstOrDefault(kept => kept.Id == revision) ?? throw new HaClusterException(
            FailureKind.NotFound, "", $"{Namespace}/{Name}", $"revision {revision} is no longer kept", "Its image can be released again: Update-HaWorkload");
}
