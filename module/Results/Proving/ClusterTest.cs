namespace HaCluster;

/// <summary>Whether a live cluster is well and would survive the next loss.</summary>
/// <param name="Passed">Every check is healthy, and the proof holds.</param>
/// <param name="Proof">Of the live cluster; null when it could not be had, as the check <c>proof</c> says.</param>
public sealed record ClusterTest(string Cluster, bool Passed, IReadOnlyList<ClusterCheck> Checks, ClusterProof? Proof);

/// <param name="Name">Such as <c>certificates</c>.</param>
/// <param name="Findings">What is wrong, or worth knowing; one line each.</param>
public sealed record ClusterCheck(string Name, Health Health, string Summary, IReadOnlyList<string> Findings);
