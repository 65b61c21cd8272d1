namespace HaCluster.Simulation.Model;

/// <summary>Something declared that the model does not contain, and why; never dropped in silence.</summary>
/// <param name="Subject">Its kind, then its name.</param>
/// <param name="HidesPods">It makes pods, or may: whoever looks at pods does not see them.</param>
public sealed record UnknownObject(string Subject, string Reason, bool HidesPods = false);

/// <summary>Something worth knowing of the manifests, which does not change what can be said of the cluster.</summary>
public sealed record ModelNote(string Subject, string Text);
