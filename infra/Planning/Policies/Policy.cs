using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>One policy for resource graphs: the requirement, the reason, and how to comply.</summary>
public abstract class Policy
{
    /// <summary>A stable kebab-case id, used in settings and pipelines.</summary>
    public abstract string Id { get; }

    /// <summary>The requirement in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>The risk of a violation.</summary>
    public abstract string Why { get; }

    /// <summary>A public page with details.</summary>
    public abstract Uri Source { get; }

    /// <summary>How to comply, with the setting if there is one.</summary>
    public abstract string Fix { get; }

    /// <summary>Violations, and resources that could not be inspected.</summary>
    internal abstract IEnumerable<Finding> Check(PolicyGraph graph);

    private protected static Finding Violation(ResourceNode resource, string problem) => new Finding.Violated(resource, problem);

    private protected static Finding NotInspected(string kind, string name) => new Finding.NotInspected(kind, name);
}
