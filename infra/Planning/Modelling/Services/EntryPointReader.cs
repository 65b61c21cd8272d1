using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Services;

/// <summary>The load balancers that Services ask for.</summary>
/// <param name="zonesOf">Zones of the load balancers that are open to the internet (true), or not.</param>
internal sealed class EntryPointReader(ModelDraft draft, Func<bool, IEnumerable<string>> zonesOf)
{
    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
    private const string Prefix = "service.beta.kubernetes.io/aws-load-balancer-";
    private const string CrossZone = "load_balancing.cross_zone.enabled=true";

    public ImmutableArray<EntryPoint> Read(IEnumerable<ClusterObject> objects)
    {
        var entries = ImmutableArray.CreateBuilder<EntryPoint>();
        foreach (var subject in objects)
        {
            if (subject.Kind == "Service" && subject.Spec.At("type").Text() == "LoadBalancer")
                entries.Add(Read(subject));
            else if (subject.Kind == "Ingress")
                draft.AddUnknown($"{subject}", "load balancers of Ingress objects are not modelled; its pods are");
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries.ToImmutable();
    }

    private EntryPoint Read(ClusterObject service)
    {
        var annotations = service.At("metadata", "annotations");
        var isPublic = annotations.At(Prefix + "scheme").Text() == "internet-facing";
        draft.Assume("A load balancer has an address in every zone that has a subnet of its kind, public or private.");
        return new EntryPoint(
            $"{service.Namespace}/{service.Name}",
            [.. zonesOf(isPublic).Distinct().Order(StringComparer.Ordinal)],
            TargetOf(service),
            annotations.At(Prefix + "attributes").Text()?.Contains(CrossZone, StringComparison.Ordinal) == true
                || annotations.At(Prefix + "cross-zone-load-balancing-enabled").IsTrue());
    }

    private string? TargetOf(ClusterObject service)
    {
        if (service.Spec.At("selector") is not PropertyValue.Map { Entries.IsEmpty: false } selector)
            return null;
        var wanted = LabelSelector.Of(SelectorReader.Labels(selector));
        return draft.Workloads.FirstOrDefault(workload => workload.Namespace == service.Namespace && wanted.Matches(workload.Pods.Labels))?.Id;
    }
}
