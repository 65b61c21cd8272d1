using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>One rule that every resource graph has to keep: what it demands, why, and how to keep it.</summary>
public abstract class Policy
{
    /// <summary>Stable: settings and pipelines name it. Kebab-case.</summary>
    public abstract string Id { get; }

    /// <summary>What holds when the rule is kept, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>What happens to those who break it.</summary>
    public abstract string Why { get; }

    /// <summary>A public page that says more.</summary>
    public abstract Uri Source { get; }

    /// <summary>What to do, with the setting that does it where there is one.</summary>
    public abstract string Fix { get; }

    /// <summary>Everything that breaks the rule, and everything that it could not inspect.</summary>
    internal abstract IEnumerable<Finding> Check(PolicyGraph graph);

    private protected static Finding Violation(ResourceNode resource, string problem) => new Finding.Violated(resource, problem);

    private protected static Finding NotInspected(string kind, string name) => new Finding.NotInspected(kind, name);
}
