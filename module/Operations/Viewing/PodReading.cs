using System.Text.Json.Serialization;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Viewing;

/// <summary>
/// What views need of a pod. The models of KubernetesClient, or objects of our own for every level, would hold several times the memory: 20,000 pods are
/// read into a few megabytes.
/// </summary>
[JsonConverter(typeof(PodReader))]
internal sealed class PodReading : IReadObject
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public string Uid { get; set; } = "";

    public string ResourceVersion { get; set; } = "";

    public bool IsEnding { get; set; }

    /// <summary>Its controller; null without one.</summary>
    public string? OwnerKind { get; set; }

    public string OwnerName { get; set; } = "";

    /// <summary>Label <c>pod-template-hash</c>.</summary>
    public string? TemplateHash { get; set; }

    /// <summary>Label <c>ha-cluster/chain</c> of a chain node; null for any other pod.</summary>
    public string? Chain { get; set; }

    /// <summary>Empty while it is not scheduled.</summary>
    public string NodeName { get; set; } = "";

    public string Phase { get; set; } = "";

    public bool HasReadyCondition { get; set; }

    /// <summary>Why it is not scheduled, in the scheduler's words; null when it is.</summary>
    public string? NotScheduled { get; set; }

    /// <summary>Why a container waits, such as <c>CrashLoopBackOff</c>; null when none does.</summary>
    public string? Waiting { get; set; }

    public int Restarts { get; set; }

    /// <summary>Requested cores, as the scheduler counts them.</summary>
    public decimal Cpu { get; set; }

    /// <summary>Requested bytes, as the scheduler counts them.</summary>
    public decimal Memory { get; set; }

    public bool IsOver => Phase is "Succeeded" or "Failed";

    public bool IsReady => HasReadyCondition && !IsOver && !IsEnding;

    ObjectIdentity IReadObject.Identity => new(Namespace, Name, Uid, ResourceVersion);
}
