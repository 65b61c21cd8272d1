using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>The pod templates of objects.</summary>
internal static class PodTemplates
{
    /// <summary>The path of the pod's spec in an object of this kind; null when it creates no pods.</summary>
    public static string? PathOf(string kind) => kind switch
    {
        "Pod" => "spec",
        "Deployment" or "StatefulSet" or "ReplicaSet" or "ReplicationController" or "DaemonSet" or "Job" => "spec.template.spec",
        "CronJob" => "spec.jobTemplate.spec.template.spec",
        _ => null,
    };

    /// <summary>Null when there is none.</summary>
    public static PropertyValue? SpecOf(ClusterObject subject) => PathOf(subject.Kind) is { } path ? subject.At(path.Split('.')) : null;

    public static ImmutableArray<string> Images(ClusterObject subject) =>
        [.. SpecOf(subject).At("containers").Items().Select(container => container.At("image").Text()).OfType<string>()];
}
