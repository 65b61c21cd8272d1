using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Session;

/// <summary>Which AWS region something is for, as the provider decides it.</summary>
internal static class Regions
{
    /// <summary>The <c>region</c> of the resource or call, of its provider, or the stack's <c>aws:region</c>; null if none is set.</summary>
    public static string? Of(DeploymentContext context, ImmutableSortedDictionary<string, PropertyValue> inputs, string? provider)
    {
        if (inputs.GetValueOrDefault("region").AsText() is { } own)
            return own;
        if (provider is not null && FindProvider(context, provider)?.Inputs.GetValueOrDefault("region").AsText() is { } ofProvider)
            return ofProvider;
        return context.Request.Config.TryGetValue("aws:region", out var configured) && configured.Length > 0 ? configured : null;
    }

    /// <param name="reference">As it travels: <c>urn::id</c>.</param>
    public static ResourceNode? FindProvider(DeploymentContext context, string reference)
    {
        var end = reference.LastIndexOf("::", StringComparison.Ordinal);
        return end < 0 ? null : context.Resources.Find(reference[..end]);
    }
}
