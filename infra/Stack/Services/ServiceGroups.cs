using System.Collections.Immutable;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Services;

/// <summary>Everything in a stack that answers requests and has an objective.</summary>
public static class ServiceGroups
{
    /// <summary>In order of name.</summary>
    public static ImmutableArray<ServiceGroup> Of(StackSettings settings)
    {
        IEnumerable<ServiceGroup> chains =
        [
            .. settings.Chains.HasBitcoin ? [RpcFront.Service(RpcFront.Bitcoin)] : Array.Empty<ServiceGroup>(),
            .. settings.Chains.HasEthereum ? [RpcFront.Service(RpcFront.Ethereum)] : Array.Empty<ServiceGroup>(),
        ];
        var sites = settings.Edge.IsEnabled ? settings.Sites.All.Select(site => site.Service) : [];
        return [.. chains.Concat(sites).OrderBy(service => service.Name, StringComparer.Ordinal)];
    }
}
