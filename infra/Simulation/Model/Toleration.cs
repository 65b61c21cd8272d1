namespace HaCluster.Simulation.Model;

/// <summary>A taint that a pod puts up with.</summary>
/// <param name="Key">Null for any key (with <paramref name="Exists"/>).</param>
/// <param name="Exists">Operator <c>Exists</c>: any value. Otherwise <c>Equal</c>.</param>
/// <param name="Effect">Null for every effect.</param>
/// <param name="For">How long a <see cref="TaintEffect.NoExecute"/> taint is borne; null for ever.</param>
public sealed record Toleration(string? Key, bool Exists, string Value, TaintEffect? Effect, TimeSpan? For = null)
{
    public bool Tolerates(Taint taint) =>
        (Effect is null || Effect == taint.Effect)
        && (Key is null ? Exists : Key == taint.Key && (Exists || Value == taint.Value));
}
