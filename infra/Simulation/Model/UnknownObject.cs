namespace HaCluster.Simulation.Model;

/// <summary>Something declared that the model does not contain, and why; never dropped in silence.</summary>
public sealed record UnknownObject(string Subject, string Reason);

/// <summary>Something worth knowing of the manifests, which does not change what can be said of the cluster.</summary>
public sealed record ModelNote(string Subject, string Text);
