namespace HaCluster.Simulation.Model;

/// <summary>A declared object that is not in the model, and why; none is dropped silently.</summary>
/// <param name="Subject">Its kind, then its name.</param>
/// <param name="HidesPods">Whether it creates pods, or may, that are missing from the model.</param>
public sealed record UnknownObject(string Subject, string Reason, bool HidesPods = false);

/// <summary>A note about the manifests that changes no answer.</summary>
public sealed record ModelNote(string Subject, string Text);
