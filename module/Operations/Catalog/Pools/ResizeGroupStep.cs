using System.Globalization;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Pools;

/// <summary>Changes the size of one node group, and waits until that many nodes are ready.</summary>
internal sealed record ResizeGroupStep(string Group, IReadOnlyList<string> AutoScalingGroups, int Desired, int Min, int Max, TimeSpan Timeout) : Step
{
    public override string Id => $"resize/{Group}";

    public override string Title => $"Set {Group} to {Desired} nodes ({Min} to {Max})";

    public override string Subject => $"nodegroup/{Group}";

    public override TimeSpan Expected => Simulation.Running.Clock.Timers.Default.NodeProvision;

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var group = await FindAsync(context, cancellationToken);
        var found = Facts(("desired", Text(group.Desired)), ("min", Text(group.Min)), ("max", Text(group.Max)));
        if (group.Status == "UPDATING")
            return IsSized(group) ? StepCheck.UnderWay(found, "EKS changes it") : StepCheck.ToDo(found, "EKS changes it for another reason");
        return !IsSized(group) ? StepCheck.ToDo(found)
            : await MissingAsync(context, cancellationToken) is { } missing ? StepCheck.UnderWay(found, missing)
            : StepCheck.Done(found, "it has that size");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token => (await FindAsync(context, token)).Status == "UPDATING" ? $"EKS updates {Group}" : null, cancellationToken);
        await context.Aws("node groups").Eks.ResizeAsync(context.Session.ClusterName, Group, Min, Desired, Max, cancellationToken);
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            var group = await FindAsync(context, token);
            return group.Status == "UPDATING" ? $"EKS updates {Group}"
                : !IsSized(group) ? $"{Group} has a size of {group.Desired} ({group.Min} to {group.Max}); {string.Join("; ", group.Issues)}"
                : await MissingAsync(context, token) is { } missing ? $"{missing}; {string.Join("; ", group.Issues)}".TrimEnd(';', ' ')
                : null;
        }, cancellationToken);
        return Facts(("desired", Text(Desired)), ("min", Text(Min)), ("max", Text(Max)));
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var back = this with { Desired = Number(before["desired"]), Min = Number(before["min"]), Max = Number(before["max"]) };
        if ((await back.CheckAsync(context, cancellationToken)).Need == StepNeed.ToDo)
            await back.DoAsync(context, cancellationToken);
        await back.VerifyAsync(context, cancellationToken);
    }

    private bool IsSized(EksNodeGroup group) => (group.Desired, group.Min, group.Max) == (Desired, Min, Max);

    private async Task<string?> MissingAsync(StepContext context, CancellationToken cancellationToken)
    {
        var groups = await context.Aws("Auto Scaling groups").AutoScaling.ListAsync(context.Session.ClusterName, AutoScalingGroups, cancellationToken);
        var ids = groups.Where(group => AutoScalingGroups.Contains(group.Name)).SelectMany(group => group.Instances).Where(instance => instance.Lifecycle == "InService").Select(instance => instance.Id).ToHashSet();
        var ready = (await context.NodesAsync(cancellationToken)).Count(node => node.IsReady() && ids.Contains(node.InstanceId()));
        return ready == Desired && ids.Count == Desired ? null : $"{ready} of {Desired} nodes ready";
    }

    private async Task<EksNodeGroup> FindAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Aws("node groups").Eks.ListNodeGroupsAsync(context.Session.ClusterName, cancellationToken)).FirstOrDefault(group => group.Name == Group) ?? throw new HaClusterException(
            FailureKind.NotFound, "EKS DescribeNodegroup", Group, "there is no such node group", "Get-HaNodePool lists them");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
