using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>Auto Scaling.</summary>
public interface IAutoScaling
{
    /// <param name="names">Empty: those tagged as owned by <paramref name="cluster"/>.</param>
    Task<ImmutableArray<AutoScalingGroup>> ListAsync(string cluster, IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    Task SetDesiredAsync(string group, int desired, CancellationToken cancellationToken);

    /// <summary>Terminates an instance.</summary>
    /// <param name="decrement">Whether the group gets smaller; otherwise it is replaced.</param>
    Task TerminateAsync(string instanceId, bool decrement, CancellationToken cancellationToken);

    /// <param name="processes">Such as <c>AZRebalance</c>, <c>Launch</c>.</param>
    Task SuspendAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken);

    Task ResumeAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken);
}

public sealed record AutoScalingGroup(
    string Name,
    string Arn,
    int Min,
    int Desired,
    int Max,
    ImmutableArray<string> Zones,
    ImmutableArray<AutoScalingInstance> Instances,
    ImmutableArray<string> SuspendedProcesses,
    ImmutableSortedDictionary<string, string> Tags);

/// <param name="Lifecycle"><c>InService</c>, <c>Pending</c>, <c>Terminating</c> ...</param>
/// <param name="Health"><c>Healthy</c> or <c>Unhealthy</c>.</param>
public sealed record AutoScalingInstance(string Id, string Zone, string Lifecycle, string Health, bool IsProtected);
