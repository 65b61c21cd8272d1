using System.Net;
using System.Text.Json;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Stack.Chains.Replicas;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>Three nodes of a chain that goes on, their sentinels, and what can be broken in them. The last node goes on; at most its sentinel's clock is wrong.</summary>
internal interface INodeSet : IAsyncDisposable
{
    ChainNodes Nodes { get; }

    IReadOnlyList<IPAddress> Addresses { get; }

    int RpcPort { get; }

    int SentinelPort { get; }

    IReadOnlyList<RunningSentinel> Sentinels { get; }

    CanonicalChain Chain { get; }

    /// <summary>Programs of a pod, as <c>/live</c> names them.</summary>
    string[] Parts { get; }

    /// <summary>A call for the newest block.</summary>
    string HeadRequest { get; }

    /// <summary>Each lane is played beside the others, one fault after the other.</summary>
    IReadOnlyList<IReadOnlyList<Fault>> Lanes { get; }

    /// <summary>Makes blocks and reorganisations until it is stopped.</summary>
    Task AdvanceAsync(CancellationToken stop);

    (long Height, string? Hash) HeadOf(JsonElement result);
}

/// <summary>Something that breaks in a node, and its repair.</summary>
/// <param name="Node">Index of the node.</param>
/// <param name="Reason">What its sentinel says of it then.</param>
/// <param name="Break">Done when it is broken.</param>
/// <param name="UntilKubelet">Goes on until kubelet has taken the pod out of rotation, too.</param>
/// <param name="NeedsQuorum">It needs the votes of the two other nodes, or takes one away: one such fault at a time.</param>
internal sealed record Fault(string Name, int Node, string Reason, Func<Task> Break, Func<Task> Repair, bool UntilKubelet = false, bool NeedsQuorum = false)
{
    public bool TakesOut => Reason is not ("ok" or "fail-open");

    public static Fault OfClock(ShiftedClock clock, int node, string name, TimeSpan wrong, string reason) => new(name, node, reason, () => Set(clock, wrong), () => Set(clock, TimeSpan.Zero));

    private static Task Set(ShiftedClock clock, TimeSpan wrong)
    {
        clock.Wrong = wrong;
        return Task.CompletedTask;
    }
}
