using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>
/// Runtime classes by name, and the effect of admission on a pod that names one
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/plugin/pkg/admission/runtimeclass/admission.go).
/// </summary>
internal sealed class RuntimeTable(IEnumerable<RuntimeClass> declared)
{
    public ImmutableArray<RuntimeClass> All { get; } = [.. declared.DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>The class that the pod names; null when it names none or the class does not exist.</summary>
    public RuntimeClass? Of(PropertyValue? podSpec) => NameOf(podSpec) is { } name ? All.FirstOrDefault(one => one.Name == name) : null;

    /// <summary>Why admission refuses the pod; null when it takes it.</summary>
    public string? Refusal(PropertyValue? podSpec)
    {
        if (NameOf(podSpec) is not { } name)
            return Amounts(podSpec.At("overhead")).IsEmpty ? null : "it sets overhead without a runtime class; remove spec.overhead, which admission fills in";
        if (Of(podSpec) is not { } found)
            return $"its runtime class {name} does not exist in the cluster; declare the RuntimeClass or remove runtimeClassName";
        var own = Amounts(podSpec.At("overhead"));
        if (!own.IsEmpty && !own.SequenceEqual(found.Overhead))
            return $"its overhead is not that of its runtime class {name}; remove spec.overhead, which admission fills in";
        var labels = SelectorReader.Labels(podSpec.At("nodeSelector"));
        return found.NodeSelector.Keys.FirstOrDefault(key => labels.TryGetValue(key, out var value) && value != found.NodeSelector[key]) is { } conflict
            ? $"its nodeSelector asks for {conflict}={labels[conflict]}, its runtime class {name} for {conflict}={found.NodeSelector[conflict]}"
            : null;
    }

    public static RuntimeClass Read(string name, PropertyValue? runtimeClass) => new(
        name,
        Amounts(runtimeClass.At("overhead", "podFixed")),
        SelectorReader.Labels(runtimeClass.At("scheduling", "nodeSelector")),
        TolerationReader.Read(runtimeClass.At("scheduling", "tolerations")));

    private static string? NameOf(PropertyValue? podSpec) => podSpec.At("runtimeClassName").Text() is { Length: > 0 } name ? name : null;

    private static ImmutableSortedDictionary<string, decimal> Amounts(PropertyValue? amounts) => amounts.Entries()
        .ToImmutableSortedDictionary(entry => entry.Key, entry => ContainerDefaults.Amount(entry.Value) ?? 0, StringComparer.Ordinal);
}
