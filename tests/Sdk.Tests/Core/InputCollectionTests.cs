using System.Collections.Immutable;
using System.Text.Json;
using Pulumi;
using Pulumi.Utilities;

namespace HaCluster.Sdk.Tests.Core;

public sealed class InputCollectionTests
{
    [Fact]
    public async Task List_takes_values_outputs_and_lists_in_any_form()
    {
        var list = new InputList<int> { 1, Output.Create(2), new[] { 3, 4 }, ImmutableArray.Create(5), new List<int> { 6 } };
        list.AddRange(Output.Create(new[] { 7 }));
        await AssertItemsAsync(list, 1, 2, 3, 4, 5, 6, 7);
        await AssertItemsAsync((InputList<int>)Output.Create<IEnumerable<int>>([1, 2]), 1, 2);
        await AssertItemsAsync((InputList<int>)new Input<int>[] { 1, 2 }, 1, 2);
        await AssertItemsAsync((InputList<int>)new List<Output<int>> { Output.Create(1), Output.Create(2) }, 1, 2);
    }

    [Fact]
    public async Task Concat_makes_a_new_list_and_adding_does_not_change_a_clone()
    {
        InputList<int> one = 1;
        var both = one.Concat(2);
        var clone = one.Clone();
        one.Add(3);
        await AssertItemsAsync(both, 1, 2);
        await AssertItemsAsync(clone, 1);
        await AssertItemsAsync(one, 1, 3);
    }

    [Fact]
    public async Task List_asked_before_an_element_was_added_has_it_afterwards()
    {
        var list = new InputList<int> { 1 };
        await AssertItemsAsync(list, 1);
        list.Add(2);
        await AssertItemsAsync(list, 1, 2);
    }

    [Fact]
    public async Task Default_array_stays_default()
        => Assert.True((await Value((InputList<int>)Output.Create(default(ImmutableArray<int>)))).IsDefault);

    [Fact]
    public async Task Unknown_list_enumerates_as_empty_and_never_synchronously()
    {
        InputList<int> unknown = OutputUtilities.CreateUnknown(new[] { 1 });
        await foreach (var item in unknown)
            Assert.Fail($"has {item}");

        var e = Assert.Throws<NotSupportedException>(() => ((System.Collections.IEnumerable)unknown).GetEnumerator());
        Assert.Contains("GetAsyncEnumerator", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_takes_entries_and_maps_in_any_form()
    {
        var map = new InputMap<string> { { "a", "1" }, { "b", Output.Create("2") } };
        map["c"] = "3";
        map.Add(new Dictionary<string, string> { ["d"] = "4" });
        Assert.Equal("1 2 3 4", string.Join(' ', (await Value(map)).OrderBy(e => e.Key).Select(e => e.Value)));
    }

    [Fact]
    public async Task Same_key_twice_is_an_error_only_with_another_value()
    {
        Assert.Equal("1", (await Value(new InputMap<string> { { "a", "1" }, { "a", Output.Create("1") } }))["a"]);
        var e = await Assert.ThrowsAsync<ArgumentException>(() => Value(new InputMap<string> { { "a", "1" }, { "a", "2" } }));
        Assert.Contains("'a'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_prefers_the_second()
    {
        var merged = await Value(InputMap<int>.Merge(new() { ["a"] = 1, ["b"] = 1 }, new() { ["b"] = 2 }));
        Assert.Equal((1, 2), (merged["a"], merged["b"]));
    }

    [Fact]
    public async Task Null_map_in_an_output_stays_null()
        => Assert.Null(await Value((InputMap<int>)Output.Create(default(ImmutableDictionary<string, int>)!)));

    [Fact]
    public async Task Union_collections_take_either_type()
    {
        var list = new InputList<Union<int, string>>();
        list.Add((Input<int>)1);
        list.Add((Input<string>)"a");
        await AssertItemsAsync(list, 1, "a");

        InputUnion<int, string> fromOutput = Output.Create("x");
        Assert.Equal("x", (await Value(fromOutput)).AsT1);
        Assert.True((await Value(new InputUnion<int, string>())).IsT0);
    }

    [Fact]
    public async Task Json_comes_from_text_documents_and_outputs()
    {
        InputJson text = """{"a":1}""", output = Output.Create("""{"a":1}""");
        using var document = JsonDocument.Parse("""{"a":1}""");
        foreach (var json in new[] { text, output, document })
            Assert.Equal(1, (await Value(json)).GetProperty("a").GetInt32());
    }

    private static async Task AssertItemsAsync<T>(InputList<T> list, params T[] expected)
        => Assert.Equal(expected, (await Value(list)).ToArray());

    private static Task<T> Value<T>(Input<T> input) => input.ToOutput().GetValueAsync(whenUnknown: default!);
}
