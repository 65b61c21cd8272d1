namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>One rule that a node must keep to take a pod: a filter plugin of kube-scheduler.</summary>
internal interface INodeFilter
{
    /// <summary>Gets ready for a pod. False when the rule does not concern it: the filter is then not asked about nodes.</summary>
    bool Prepare(in SchedulingCycle cycle);

    bool Passes(int node);

    /// <summary>Moves the nodes that pass to the front and returns how many they are: one call for hundreds of nodes.</summary>
    int Keep(Span<int> nodes)
    {
        var kept = 0;
        foreach (var node in nodes)
        {
            if (Passes(node))
                nodes[kept++] = node;
        }

        return kept;
    }

    /// <summary>Says why <see cref="Passes"/> is false.</summary>
    void Explain(int node, Refusals refusals);

    /// <summary>The refusal would not go away if other pods did: kube-scheduler's <c>UnschedulableAndUnresolvable</c>.</summary>
    bool IsFinal(int node);
}
