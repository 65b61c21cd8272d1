using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;
using Pulumi.Serialization;

namespace HaCluster.Sdk.Tests.Serialization;

/// <summary>Values become the types of the program and, where they can be sent back, what they were.</summary>
public sealed class ConverterTests
{
    private enum Level
    {
        Low = 1,
        High = 2,
    }

    private readonly List<string> _warnings = [];

    private T Convert<T>(string json) => new Converter(_warnings.Add).Convert<T>("it", Value.Parser.ParseJson(json)).Value;

    private static async Task<string> SendAsync(object? value)
        => (await new Serializer(keepResources: true).SerializeAsync(new PropertyPath("it"), value)).ToString();

    [Fact]
    public async Task Enumerations_are_their_values()
    {
        Assert.Equal(Size.Big, Convert<Size>("\"big\""));
        Assert.Equal(Level.High, Convert<Level>("2"));
        Assert.Equal("\"big\"", await SendAsync(Size.Big));
        Assert.Equal("2", await SendAsync(Level.High));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Unions_take_the_type_that_fits()
    {
        Assert.Equal("a", Convert<Union<double, string>>("\"a\"").AsT1);
        Assert.Equal(2, Convert<Union<double, string>>("2").AsT0);
        Assert.Equal("\"a\"", await SendAsync(Union<double, string>.FromT1("a")));
        Assert.Empty(_warnings);

        Convert<Union<double, string>>("true");
        Assert.Equal("Expected System.Double or System.String but got System.Boolean deserializing it", Assert.Single(_warnings));
    }

    [Fact]
    public async Task Output_types_are_made_by_their_constructor_and_sent_by_their_fields()
    {
        var disks = Convert<ImmutableArray<Disk>>("""[{"gib": 1, "key": "k", "more": true}, {"gib": 2}]""");
        Assert.Equal([(1, "k"), (2, null)], disks.Select(disk => (disk.Gib, disk.Key)));
        Assert.Equal("""{ "gib": 1, "key": "k" }""", await SendAsync(disks[0]));
    }

    [Fact]
    public void An_empty_list_equals_the_empty_array_whatever_its_type()
    {
        Assert.True(Convert<ImmutableArray<string>>("[]") == ImmutableArray<string>.Empty);
        Assert.True(Convert<ImmutableArray<Disk>>("[]") == ImmutableArray<Disk>.Empty);
        Assert.Equal((object)ImmutableArray<object?>.Empty, Convert<object>("[]"));
        Assert.True(Convert<ImmutableDictionary<string, ImmutableArray<double>>>("""{"none": []}""")["none"] == ImmutableArray<double>.Empty);
    }

    [Fact]
    public void Numbers_nulls_and_nullables_become_what_the_type_can_hold()
    {
        Assert.Equal(3, Convert<int>("3.9"));
        Assert.Equal(0, Convert<int>("null"));
        Assert.Null(Convert<int?>("null"));
        Assert.Equal(3, Convert<int?>("3"));
        Assert.Null(Convert<string>("null"));
        Assert.Equal([1, 0], Convert<ImmutableArray<int>>("[1, null]").AsEnumerable());
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Json_stays_json()
    {
        var element = Convert<JsonElement>("""{"a": [1, "x", null, {"b": true}]}""");
        Assert.Equal("x", element.GetProperty("a")[1].GetString());
        Assert.Equal("""{ "a": [ 1, "x", null, { "b": true } ] }""", await SendAsync(element));
    }

    [Fact]
    public void What_does_not_fit_is_named_and_the_rest_stays()
    {
        var disk = Convert<Disk>("""{"gib": "much", "key": "k"}""");
        Assert.Equal((0, "k"), (disk.Gib, disk.Key));
        Assert.Equal(
            $"Expected System.Double but got System.String deserializing {typeof(Disk).FullName}(gib)", Assert.Single(_warnings));
    }

    [Fact]
    public async Task Something_that_is_not_an_asset_cannot_be_sent_back()
    {
        var asset = Convert<Asset>("1");
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(asset));
        Assert.Equal("Cannot serialize invalid asset", e.Message);
    }

    [Fact]
    public void Type_that_values_cannot_become_is_a_mistake_of_the_program()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Convert<ImmutableDictionary<int, string>>("{}"));
        Assert.Contains("The only allowed ImmutableDictionary 'TKey' type is 'String'.", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidOperationException>(() => Convert<List<string>>("[]"));
        Assert.Contains("The only generic types allowed are ImmutableArray<...>", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidOperationException>(() => Convert<Version>("{}"));
        Assert.Contains("it contains invalid type System.Version. Allowed types are:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_or_secret_part_makes_the_whole_so()
    {
        var list = new Value
        {
            ListValue = new() { Values = { Value.ForString("a"), Value.ForString(UnknownSentinels.String) } },
        };
        Assert.False(new Converter(_warnings.Add).Convert<ImmutableArray<string>>("it", list).IsKnown);
    }
}
