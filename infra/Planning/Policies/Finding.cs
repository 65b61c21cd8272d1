using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>A finding of a policy about one resource. Resources that comply have no finding.</summary>
internal abstract record Finding
{
    private Finding() { }

    /// <param name="Problem">The problem, without the name of the resource and without any value that may be secret.</param>
    public sealed record Violated(ResourceNode Resource, string Problem) : Finding;

    /// <summary>Something that cannot be inspected, such as the content of a chart. It makes the policy incomplete.</summary>
    /// <param name="Kind">One word that can take an s: <c>chart</c>.</param>
    public sealed record NotInspected(string Kind, string Name) : Finding;
}
