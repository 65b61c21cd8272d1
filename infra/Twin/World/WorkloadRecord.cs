using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World.Batch;

namespace HaCluster.Twin.World;

/// <summary>What the world remembers of a workload between its object and the run.</summary>
internal sealed class WorkloadRecord(ResourceKind kind, Workload workload)
{
    public ResourceKind Kind { get; } = kind;

    public Workload Workload { get; set; } = workload;

    public string Uid { get; set; } = "";

    /// <summary>The generation of its object that the run follows.</summary>
    public long Generation { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>Of a Job.</summary>
    public JobProgress? Job { get; set; }

    /// <summary>The revision of a StatefulSet that its status calls current: the one of its last update that ended.</summary>
    public int? SettledRevision { get; set; }

    /// <summary>Pods as the run reads them, by the canonical text of the template: an update back to an earlier template is a rollback.</summary>
    public Dictionary<string, PodSpec> Pods { get; } = new(StringComparer.Ordinal);

    /// <summary>The templates as JSON, by revision of the run.</summary>
    public Dictionary<int, JsonObject> Templates { get; } = [];

    /// <summary>Kubernetes' numbers of the revisions: a rollback makes an old one the newest.</summary>
    public Dictionary<int, long> Numbers { get; } = [];

    public int CurrentRevision { get; set; } = -1;

    /// <summary>Pod objects by the run's pods.</summary>
    public Dictionary<Pod, PodRecord> Live { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>When it last came closer to its target, for the progress deadline of a Deployment.</summary>
    public DateTimeOffset ProgressedAt { get; set; }

    /// <summary>The last revision of a Deployment that was rolled out to the end.</summary>
    public int CompletedRevision { get; set; } = -1;

    /// <summary>Available replicas of the new template at that time.</summary>
    public int Progress { get; set; } = -1;

    /// <summary>The last status that was written, as text.</summary>
    public string Status { get; set; } = "";

    public string Id => Workload.Id;

    /// <summary>That its object was taken in.</summary>
    /// <param name="revision">The one that the run makes of the template.</param>
    public void Remember(int revision, StoredObject item, DateTimeOffset at)
    {
        Generation = item.Generation;
        if (CurrentRevision == revision)
            return;
        CurrentRevision = revision;
        ProgressedAt = at;
        Numbers[revision] = Numbers.Count == 0 ? 1 : Numbers.Values.Max() + 1;
        if (DeclaredObject.TemplateOf(item) is { } template)
            Templates[revision] = template.Copy();
    }
}

/// <summary>A pod object.</summary>
internal sealed class PodRecord
{
    /// <summary>What the object shows.</summary>
    public PodStatus? Shown { get; set; }

    public string Address { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ScheduledAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? ReadyChangedAt { get; set; }

    /// <summary>The instance that its first container ran on; counts restarts.</summary>
    public int Restarts { get; set; }

    public bool WasReady { get; set; }
}
