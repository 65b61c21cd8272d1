namespace HaCluster.Planning.Proof.Report;

/// <param name="Pod">As <c>namespace/name</c>.</param>
public sealed record FailoverMove(string Pod, string ToNode);
