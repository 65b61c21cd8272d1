namespace HaCluster.Simulation.Model;

/// <summary>Claimed volumes: a separate claim object, or one for each replica of a workload.</summary>
/// <param name="Namespace">Of the claims.</param>
/// <param name="Owner">Name of the workload or of the claim; for a chart that is not modelled, the section of its values.</param>
/// <param name="Claim">One of them.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Source">Their origin.</param>
/// <param name="IsSized">Whether the declaration says how large they are.</param>
public sealed record DeclaredClaim(string Namespace, string Owner, VolumeClaim Claim, int Count, Origin Source, bool IsSized = true);

/// <summary>How many objects of a kind a namespace declares, as a quota counts them.</summary>
/// <param name="Name">Of the limit: <c>count/deployments.apps</c>, <c>services.loadbalancers</c>.</param>
public sealed record ObjectCount(string Namespace, string Name, int Count);
