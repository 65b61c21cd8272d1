using HaCluster.Twin.Aws;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>What goes wrong during an operation on a twin.</summary>
/// <param name="OfCall">Asked about each call, with how often the same was made before; what it says to AWS itself, it says by the faults of the twin's AWS, in the shape of the service.</param>
internal sealed record Trouble(string Name, Func<AwsFaults, WireCall, int, WireFault?> OfCall)
{
    /// <summary>From a change on no call is accepted, until a person has logged in again: see <see cref="DisturbedTwins"/>.</summary>
    public static readonly Trouble Expired = new("credentials that expire before each change", (aws, call, _) => call.IsAws ? Of(aws, AwsFault.Expired) : WireFault.Answer.Status(401, "Unauthorized", "Unauthorized"));

    /// <summary>Each call is throttled, then meets a server error, then its connection breaks: of a change when it is done.</summary>
    public static readonly Trouble Passing = new("throttling, server errors and broken connections", (aws, call, before) => before switch
    {
        // Three failures of the renewal in a row lose the lease, as they should.
        _ when call.Text.StartsWith("PUT namespaces/ha-cluster/leases/", StringComparison.Ordinal) => before == 0 ? new WireFault.BreakAfter() : null,
        0 => call.IsAws ? Of(aws, AwsFault.Throttled) : WireFault.Answer.Status(429, "TooManyRequests", "The server has received too many requests and has asked us to try again later"),
        1 => call.IsAws ? Of(aws, AwsFault.Unavailable) : WireFault.Answer.Status(500, "InternalError", "etcdserver: leader changed"),
        2 => call.IsChange ? new WireFault.BreakAfter() : new WireFault.BreakBefore(),
        _ => null,
    });

    /// <summary>Each change meets a conflict, as if somebody else had been quicker.</summary>
    public static readonly Trouble Conflicts = new("conflicts", (aws, call, before) =>
        before > 0 || !call.IsChange || call.IsOwn ? null
        : !call.IsAws ? WireFault.Answer.Status(409, "Conflict", "the object has been modified; please apply your changes to the latest version and try again")
        : Of(aws, call.Text.StartsWith("rds ", StringComparison.Ordinal) ? new AwsFault("InvalidDBClusterStateFault", 400, "it is being changed") : new AwsFault("ConflictException", 409, "it is being changed")));

    /// <summary>A server that does what it is asked to and does not answer, the first time. AWS only at a failover: its client waits half a minute.</summary>
    public static readonly Trouble Hanging = new("a server that hangs", (_, call, before) =>
        before == 0 && call.IsChange && (!call.IsAws || call.Text.StartsWith("rds ", StringComparison.Ordinal)) ? new WireFault.HangAfter() : null);

    public override string ToString() => Name;

    private static WireFault.FromTwin Of(AwsFaults aws, AwsFault fault)
    {
        aws.Add(fault);
        return new WireFault.FromTwin();
    }
}
