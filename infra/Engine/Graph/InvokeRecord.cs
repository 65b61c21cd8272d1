using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Graph;

/// <summary>A function call of the program (<c>aws:index/getAvailabilityZones:getAvailabilityZones</c>) and its answer.</summary>
public sealed record InvokeRecord(
    string Token,
    ImmutableSortedDictionary<string, PropertyValue> Arguments,
    ImmutableSortedDictionary<string, PropertyValue> Result);
