using System.Collections.Immutable;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The kind of a fix.</summary>
public enum FixKind
{
    /// <summary>A change of the stack's settings: <c>ha prove --fix</c> can write it.</summary>
    Setting,

    /// <summary>A change of a Kubernetes object or AWS resource that no setting controls.</summary>
    Manifest,

    /// <summary>A lower objective: nothing improves, but the settings state what is true.</summary>
    Accept,
}

/// <summary>One value that a fix changes.</summary>
/// <param name="Path">Names of the setting below <c>ha-cluster:</c>, or of the field, from the outside in.</param>
/// <param name="From">The value now; empty when there is none.</param>
/// <param name="To">As the file takes it.</param>
public sealed record FixEdit(ImmutableArray<string> Path, string From, string To)
{
    public string Key => string.Join('.', Path);

    public override string ToString() => From.Length == 0 ? $"set {Key} to {To}" : $"change {Key} from {From} to {To}";
}

/// <summary>A change that removes violations without adding new ones, according to the proof.</summary>
public sealed record Fix(FixKind Kind, ImmutableArray<FixEdit> Edits)
{
    /// <summary>Number in the report, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The object that the edits change, such as <c>Deployment shop/web</c>; null for settings.</summary>
    public string? Object { get; init; }

    /// <summary>The change as YAML; null for settings.</summary>
    public string? Snippet { get; init; }

    /// <summary>
    /// For settings: the program accepted them, and the resulting cluster was proved again. For manifests: the cluster was proved with the change.
    /// </summary>
    public bool IsVerified { get; init; }

    /// <summary>Why the program refuses it, or what it leaves broken; null when it was verified or not tried.</summary>
    public string? Refusal { get; init; }

    /// <summary>Numbers of the violations that it removes, from 1.</summary>
    public ImmutableArray<int> Violations { get; init; } = [];

    /// <summary>Violations of a workload that did not run, and that show only once it does.</summary>
    public int Reveals { get; init; }

    /// <summary>Equal for equal changes.</summary>
    public string Id => $"{Kind} {Object} {string.Join("; ", Edits)}";

    public override string ToString() => (Object is null ? "" : Object + ": ") + string.Join(", ", Edits);
}
