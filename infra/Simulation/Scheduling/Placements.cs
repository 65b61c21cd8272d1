using System.Diagnostics.CodeAnalysis;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <summary>The placement of a pod.</summary>
/// <param name="Node">Index of the node.</param>
/// <param name="Binding">Increases with every binding: a smaller number means an older binding.</param>
/// <param name="IsEnding">It was told to end: spread no longer counts it.</param>
internal sealed record Placement(int Node, long Binding, PodTemplate Template, bool IsEnding = false);

/// <summary>
/// All placements of a state. After a clone both sides share the old placements and each records its own changes, until they are so many that a
/// table of its own
/// is faster: a scenario moves few of very many pods.
/// </summary>
internal sealed class Placements
{
    private Dictionary<Pod, Placement> _pods = [];

    /// <summary>Null for a removed pod.</summary>
    private Dictionary<Pod, Placement?> _changes = [];
    private bool _isShared;

    public IEnumerable<KeyValuePair<Pod, Placement>> All
    {
        get
        {
            foreach (var pod in _pods)
            {
                if (!_changes.ContainsKey(pod.Key))
                    yield return pod;
            }

            foreach (var (pod, placement) in _changes)
            {
                if (placement is not null)
                    yield return new KeyValuePair<Pod, Placement>(pod, placement);
            }
        }
    }

    public bool TryGet(Pod pod, [NotNullWhen(true)] out Placement? placement) =>
        _changes.Count > 0 && _changes.TryGetValue(pod, out placement) ? placement is not null : _pods.TryGetValue(pod, out placement);

    /// <param name="placement">Null to take the pod away.</param>
    public void Set(Pod pod, Placement? placement)
    {
        if (_isShared && _changes.Count > _pods.Count / 4)
            (_pods, _changes, _isShared) = (new Dictionary<Pod, Placement>(All), [], false);
        if (_isShared)
            _changes[pod] = placement;
        else if (placement is null)
            _pods.Remove(pod);
        else
            _pods[pod] = placement;
    }

    public Placements Clone()
    {
        _isShared = true;
        return new Placements { _pods = _pods, _changes = new Dictionary<Pod, Placement?>(_changes), _isShared = true };
    }
}
