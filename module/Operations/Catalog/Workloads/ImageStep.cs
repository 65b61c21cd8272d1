using System.Text.Json.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Sets the image of a container.</summary>
internal sealed record ImageStep(string Kind, string Namespace, string Name, string Container, string Image, TimeSpan Timeout) : Step
{
    /// <summary>At least, for the way back: who waits a short time for a new image does not want to be told after as short a time that the old one is not there again.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromMinutes(10);

    public override string Id => $"image/{Kind}/{Namespace}/{Name}/{Container}";

    public override string Title => $"Set image of {Container} in {Kind} {Namespace}/{Name} to {Image}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var image = await ReadAsync(context, cancellationToken);
        return StepCheck.DoneIf(image == Image, Facts(("image", image)), $"it has that image");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Image, cancellationToken);

    /// <summary>Sets the earlier image, and waits until its pods are back: a rollback that is not verified is none.</summary>
    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(context, cancellationToken);
        if (present == Image)
        {
            await NoteRollbackAsync(context, cancellationToken);
            await SetAsync(context, before["image"], cancellationToken);
        }

        var isOurs = present == Image || present == before["image"];
        if (!isOurs)
            context.Warn($"{Namespace}/{Name} has image {present} and not the {Image} that was set: left as it is");
        await context.UntilAsync(this, isOurs && Timeout < Return ? Return : Timeout, async token => (await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, token)).Progress, cancellationToken);
    }

    /// <summary>So that nobody returns to the image by mistake (Undo-HaWorkload). Without that note the rollback is as good.</summary>
    private async Task NoteRollbackAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            await RevisionHistory.NoteRollbackAsync(context, Kind, Namespace, Name, cancellationToken);
        }
        catch (HaClusterException e)
        {
            context.Warn($"the revision of {Namespace}/{Name} with image {Image} could not be marked as rolled back: {e.Message}");
        }
    }

    private async Task<string> ReadAsync(StepContext context, CancellationToken cancellationToken) =>
        (await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken)).Template.Spec.Containers.FirstOrDefault(container => container.Name == Container)?.Image
        ?? throw new HaClusterException(FailureKind.NotFound, "", $"{Namespace}/{Name}", $"has no container {Container}", "Name another container");

    private async Task SetAsync(StepContext context, string image, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        // A merge patch replaces lists as a whole, so the whole list is written, and only if nobody changed it in between.
        var containers = JsonNode.Parse(k8s.KubernetesJson.Serialize(workload.Template.Spec.Containers))!.AsArray();
        containers.Single(container => container!["name"]!.GetValue<string>() == Container)!["image"] = image;
        await workload.PatchAsync(context, new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = workload.ResourceVersion },
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } } },
        }, cancellationToken);
    }
}
