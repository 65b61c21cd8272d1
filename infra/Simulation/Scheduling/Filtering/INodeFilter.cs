namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>A filter plugin of kube-scheduler: a rule that a node must satisfy to take a pod.</summary>
internal interface INodeFilter
{
    /// <summary>Prepares for a pod. False when the rule does not apply to it: the filter is then skipped.</summary>
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

    /// <summary>Explains why <see cref="Passes"/> is false.</summary>
    void Explain(int node, Refusals refusals);

    /// <summary>Whether removing other pods cannot help: kube-scheduler's <c>UnschedulableAndUnresolvable</c>.</summary>
    bool IsFinal(int node);
}
