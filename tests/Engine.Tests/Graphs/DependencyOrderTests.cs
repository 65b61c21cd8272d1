using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Tests.Graphs;

/// <summary>An order in which a program could have registered what it did.</summary>
public sealed class DependencyOrderTests
{
    [Fact]
    public void A_resource_comes_after_its_dependencies_its_parent_its_provider_and_what_it_is_deleted_with()
    {
        var stack = Node("stack") with { Parent = null };
        var provider = Node("provider");
        var parent = Node("parent");
        var other = Node("other");
        var cluster = Node("cluster");
        var one = Node("a") with { Parent = "parent", Provider = "provider::id", Dependencies = ["other"], Options = new ResourceNodeOptions { DeletedWith = "cluster" } };
        var order = Of(one, other, parent, provider, cluster, stack);

        Assert.Equal(6, order.Count);
        Assert.Equal("a", order[^1]);
        Assert.Equal("stack", order[0]);
    }

    [Fact]
    public void Without_dependencies_the_order_stays() => Assert.Equal(["b", "a", "c"], Of(Free("b"), Free("a"), Free("c")));

    /// <summary>No program makes one, but a saved plan may have been edited.</summary>
    [Fact]
    public void A_circle_ends_with_each_once() =>
        Assert.Equal(["a", "b"], Of(Free("a") with { Dependencies = ["b"] }, Free("b") with { Dependencies = ["a", "absent"] }).Order(StringComparer.Ordinal));

    [Fact]
    public void A_long_chain_does_not_exhaust_the_stack()
    {
        const int Length = 50_000;
        var chain = Enumerable.Range(0, Length).Select(number => Free($"{number}") with { Dependencies = [$"{number + 1}"] }).ToArray();
        Assert.Equal(("49999", "0"), (Of(chain)[0], Of(chain)[^1]));
    }

    private static List<string> Of(params ResourceNode[] resources) =>
        [.. DependencyOrder.Of(new OrderedDictionary<string, ResourceNode>(resources.Select(resource => KeyValuePair.Create(resource.Urn, resource)))).Select(resource => resource.Urn)];

    private static ResourceNode Free(string urn) => Node(urn) with { Parent = null };

    private static ResourceNode Node(string urn) => new()
    {
        Urn = urn,
        Type = "test:index:Thing",
        Name = urn,
        Parent = "stack",
        IsCustom = true,
        Inputs = ImmutableSortedDictionary<string, PropertyValue>.Empty,
    };
}
