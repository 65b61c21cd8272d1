using System.Collections.Immutable;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>The images that an object's pods run.</summary>
internal static class PodImages
{
    public static ImmutableArray<string> Of(ClusterObject subject) =>
    [
        .. new[] { subject.Spec, subject.Spec.At("template", "spec"), subject.Spec.At("jobTemplate", "spec", "template", "spec") }
            .SelectMany(spec => spec.At("containers").Items())
            .Select(container => container.At("image").Text())
            .OfType<string>(),
    ];
}
