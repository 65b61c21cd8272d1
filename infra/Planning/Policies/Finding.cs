using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>What a policy found out about one thing. What keeps the rule is not mentioned.</summary>
internal abstract record Finding
{
    private Finding() { }

    /// <param name="Problem">What is wrong, without the name of the resource and without any value that may be secret.</param>
    public sealed record Violated(ResourceNode Resource, string Problem) : Finding;

    /// <summary>What nobody can see from here, such as the inside of a chart.</summary>
    /// <param name="Kind">One word: <c>chart</c>.</param>
    public sealed record Unseen(string Kind, string Name) : Finding;
}
