using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Terminates an instance through its Auto Scaling group, which starts another.</summary>
internal sealed record TerminateStep(string Node, string InstanceId, string Group) : Step
{
    public override string Id => $"terminate/{InstanceId}";

    public override string Title => $"Terminate instance {InstanceId} of node {Node}";

    public override string Subject => $"instance/{InstanceId}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(60);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var state = await StateAsync(context, cancellationToken);
        return state switch
        {
            "terminated" => StepCheck.Done(Facts(("state", state)), "it is terminated"),
            "shutting-down" => StepCheck.UnderWay(Facts(("state", state)), "it is shutting down"),
            _ => StepCheck.ToDo(Facts(("state", state))),
        };
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Aws("terminating an instance").AutoScaling.TerminateAsync(InstanceId, decrement: false, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, TimeSpan.FromMinutes(10), async token =>
            await StateAsync(context, token) is var state && state != "terminated" ? $"EC2 says that {InstanceId} is {state}" : null, cancellationToken);
        return Facts(("state", "terminated"));
    }

    /// <summary>EC2 forgets an instance an hour after it was terminated.</summary>
    private async Task<string> StateAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Aws("the state of an instance").Ec2.FindInstancesAsync([InstanceId], cancellationToken)).FirstOrDefault()?.State ?? "terminated";
}

/// <summary>Waits for the replacement of an instance to be a ready node.</summary>
/// <param name="Earlier">Instances that the group had before.</param>
/// <param name="Desired">How many the group had.</param>
internal sealed record ReplacementStep(string Node, string Group, IReadOnlyList<string> Earlier, int Desired) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public override bool FollowsEarlier => true;

    public override string Id => $"replacement/{Node}";

    public override string Title => $"Wait for the replacement of {Node} to be ready";

    public override string Subject => $"nodegroup/{Group}";

    public override TimeSpan Expected => Simulation.Running.Clock.Timers.Default.InstanceReplacement + Simulation.Running.Clock.Timers.Default.NodeProvision;

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var ready = await ReadyAsync(context, cancellationToken);
        var found = Facts(("ready nodes", $"{ready.All}"), ("replacement", ready.New ?? ""));
        return ready.New is not null ? StepCheck.Done(found, $"{ready.New} is ready") : StepCheck.UnderWay(found, "no replacement is ready yet");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Limit, async token =>
            (await ReadyAsync(context, token)).New is null ? $"no new instance of {Group} is a ready node yet" : null, cancellationToken);
        var ready = await ReadyAsync(context, cancellationToken);
        return Facts(("ready nodes", $"{ready.All}"), ("replacement", ready.New ?? ""));
    }

    private async Task<(string? New, int All)> ReadyAsync(StepContext context, CancellationToken cancellationToken)
    {
        var group = (await context.Aws("the Auto Scaling group of a node").AutoScaling.ListAsync(context.Session.ClusterName, [Group], cancellationToken)).FirstOrDefault();
        var ids = group?.Instances.Where(instance => instance.Lifecycle == "InService").Select(instance => instance.Id).ToHashSet() ?? [];
        var ready = (await context.NodesAsync(cancellationToken)).Where(node => node.IsReady() && ids.Contains(node.InstanceId())).ToList();
        return (ready.FirstOrDefault(node => !Earlier.Contains(node.InstanceId()))?.Metadata.Name, ready.Count);
    }
}
