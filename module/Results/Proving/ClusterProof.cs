namespace HaCluster;

/// <summary>The proof of a live cluster.</summary>
/// <param name="Holds">Nothing breaks and everything was understood.</param>
/// <param name="IsComplete">Everything was read and understood.</param>
/// <param name="Elapsed">Of the proof, without reading the cluster.</param>
public sealed record ClusterProof(
    string Cluster,
    bool Holds,
    bool IsComplete,
    int Nodes,
    int Pods,
    IReadOnlyList<ProofClass> Classes,
    IReadOnlyList<ProofViolation> Violations,
    IReadOnlyList<UnknownPart> Unknown,
    IReadOnlyList<string> NotUnderstood,
    IReadOnlyList<string> Assumptions,
    DateTimeOffset ReadAt,
    TimeSpan Elapsed);

/// <summary>A class of scenarios, such as the loss of each zone.</summary>
/// <param name="Scenarios">Tried.</param>
/// <param name="Violations">Found in it.</param>
public sealed record ProofClass(string Name, int Scenarios, int Violations, string Summary);

/// <param name="Id">Of the invariant, such as <c>serving-after-loss</c>.</param>
/// <param name="Subject">What breaks.</param>
/// <param name="Scenario">The smallest scenario in which it breaks.</param>
/// <param name="AlsoIn">The other scenarios.</param>
public sealed record ProofViolation(string Id, string Subject, string Scenario, string Problem, IReadOnlyList<string> AlsoIn, IReadOnlyList<string> Fixes);

/// <summary>Whether the rest of the cluster holds when something goes.</summary>
/// <param name="Question">What goes: <c>zone eu-central-1a</c>, <c>node ip-10-0-1-7</c>.</param>
/// <param name="IsComplete">Everything that the answer needs was read and understood; otherwise <paramref name="Holds"/> is false.</param>
public sealed record SafetyAnswer(string Question, bool Holds, bool IsComplete, IReadOnlyList<SafetyBlocker> Blockers, IReadOnlyList<UnknownPart> Unknown);

/// <summary>A reason why the rest does not hold.</summary>
/// <param name="Workload">As <c>namespace/name</c>; empty when it is about something else.</param>
/// <param name="Pod">The pod at which it shows; empty when it is about no single pod.</param>
/// <param name="Budget">The budget that forbids the eviction; empty when it is not about one.</param>
/// <param name="Reason">One sentence.</param>
public sealed record SafetyBlocker(string Workload, string Pod, string Budget, string Reason);
