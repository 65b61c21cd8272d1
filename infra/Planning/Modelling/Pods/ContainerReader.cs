using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>The containers of a pod with the defaults of their namespace.</summary>
internal static class ContainerReader
{
    public static ImmutableArray<Container> Read(PropertyValue? podSpec, ContainerDefaults defaults) =>
    [
        .. podSpec.At("initContainers").Items().Select(container => One(
            container, container.At("restartPolicy").Text() == "Always" ? ContainerRole.Sidecar : ContainerRole.Init, defaults)),
        .. podSpec.At("containers").Items().Select(container => One(container, ContainerRole.Main, defaults)),
    ];

    private static Container One(PropertyValue container, ContainerRole role, ContainerDefaults defaults) => new(
        container.At("name").Text() ?? "unnamed",
        container.At("image").Text(),
        role,
        Amounts(container, "requests", defaults),
        Amounts(container, "limits", defaults));

    private static ImmutableSortedDictionary<string, decimal> Amounts(PropertyValue container, string side, ContainerDefaults defaults) =>
        container.At("resources", "requests").Entries().Concat(container.At("resources", "limits").Entries()).Select(entry => entry.Key)
            .Concat(defaults.All(side).Select(entry => entry.Key))
            .Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Amount: defaults.Find(container, side, name)))
            .Where(entry => entry.Amount is not null)
            .ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Amount!.Value, StringComparer.Ordinal);
}
