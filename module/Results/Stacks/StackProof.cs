namespace HaCluster;

/// <summary>Whether the declared cluster of a stack survives every loss, from <c>ha prove</c>.</summary>
/// <param name="Verdict"><c>holds</c>, <c>violated</c>, or <c>incomplete</c>: nothing breaks, and not everything was understood.</param>
public sealed record StackProof(
    string Stack,
    string Cluster,
    string Verdict,
    int Nodes,
    int Pods,
    int Workloads,
    int Scenarios,
    int ScenariosFailed,
    IReadOnlyList<ProofScenarios> Classes,
    IReadOnlyList<StackViolation> Violations,
    IReadOnlyList<StackFix> Fixes,
    IReadOnlyList<string> Incomplete,
    IReadOnlyList<string> Notes)
{
    public bool Holds => Verdict == "holds";
}

/// <summary>The scenarios of one class, such as the loss of each zone.</summary>
/// <param name="Worst">The worst case, in words.</param>
/// <param name="Recovery">Until all is back in the worst case; null where nothing has to come back.</param>
public sealed record ProofScenarios(string Class, string Requirement, int Tried, int Failed, string Worst, TimeSpan? Recovery);

/// <param name="Scenarios">In which it breaks, the smallest first.</param>
/// <param name="Fixes">Numbers of the fixes.</param>
public sealed record StackViolation(int Number, string Invariant, string Subject, string Problem, IReadOnlyList<string> Scenarios, IReadOnlyList<int> Fixes);

/// <param name="Kind"><c>setting</c>, <c>manifest</c>, or <c>accept</c>: a lower objective.</param>
/// <param name="Change">What to change, on one line per edit.</param>
/// <param name="Verified">The changed cluster was proved.</param>
public sealed record StackFix(int Number, string Kind, string Change, bool Verified, IReadOnlyList<int> Violations);
