using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Invokes;

/// <summary>A provider function, answered without the provider.</summary>
/// <param name="region">Null if neither the call nor the configuration sets a region.</param>
/// <exception cref="InvokeFailure">It cannot answer.</exception>
internal delegate ImmutableSortedDictionary<string, PropertyValue> Function(
    ImmutableSortedDictionary<string, PropertyValue> arguments, string? region);

/// <summary>The functions the engine answers.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal)
    {
        ["aws:index/getAvailabilityZones:getAvailabilityZones"] = AvailabilityZones.Get,
        ["aws:index/getCallerIdentity:getCallerIdentity"] = Account.GetCallerIdentity,
        ["aws:index/getPartition:getPartition"] = Account.GetPartition,
        ["aws:index/getRegion:getRegion"] = Account.GetRegion,
        ["aws:iam/getRoles:getRoles"] = Account.GetRoles,
    };

    public IEnumerable<string> Tokens => _functions.Keys;

    public Function? Find(string token) => _functions.GetValueOrDefault(token);
}

/// <summary>A function fails; the message has the reason and what to do.</summary>
internal sealed class InvokeFailure(string message) : Exception(message);
