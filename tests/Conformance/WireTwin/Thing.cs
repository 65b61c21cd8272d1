using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin;

/// <summary>A resource with a property of every kind. The peer answers with its inputs and, in an update, what was not given.</summary>
internal sealed class Thing : CustomResource
{
    public Thing(string name, ThingArgs args, CustomResourceOptions? options = null)
        : base("test:index:Thing", name, args, options) { }

    private Thing(string name, Input<string> id, CustomResourceOptions? options)
        : base("test:index:Thing", name, ResourceArgs.Empty, CustomResourceOptions.Merge(options, new CustomResourceOptions { Id = id })) { }

    [Output("value")]
    public Output<string> Value { get; private set; } = null!;

    [Output("secretValue")]
    public Output<string> SecretValue { get; private set; } = null!;

    [Output("count")]
    public Output<int> Count { get; private set; } = null!;

    [Output("items")]
    public Output<ImmutableArray<string>> Items { get; private set; } = null!;

    [Output("tags")]
    public Output<ImmutableDictionary<string, string>> Tags { get; private set; } = null!;

    public static Thing Get(string name, Input<string> id, CustomResourceOptions? options = null) => new(name, id, options);
}

internal sealed class ThingArgs : ResourceArgs
{
    [Input("text")]
    public Input<string>? Text { get; set; }

    [Input("number")]
    public Input<double>? Number { get; set; }

    [Input("integer")]
    public Input<int>? Integer { get; set; }

    [Input("flag")]
    public Input<bool>? Flag { get; set; }

    [Input("list")]
    private InputList<string>? _list;

    public InputList<string> List
    {
        get => _list ??= [];
        set => _list = value;
    }

    [Input("map")]
    private InputMap<string>? _map;

    public InputMap<string> Map
    {
        get => _map ??= [];
        set => _map = value;
    }

    [Input("any")]
    public Input<object>? Any { get; set; }

    [Input("union")]
    public InputUnion<string, int>? Union { get; set; }

    [Input("nested")]
    public Input<NestedArgs>? Nested { get; set; }

    [Input("nestedList")]
    private InputList<NestedArgs>? _nestedList;

    public InputList<NestedArgs> NestedList
    {
        get => _nestedList ??= [];
        set => _nestedList = value;
    }

    [Input("asset")]
    public Input<AssetOrArchive>? Asset { get; set; }

    [Input("level")]
    public Input<Level>? Level { get; set; }

    [Input("weight")]
    public Input<Weight>? Weight { get; set; }

    [Input("other")]
    public Input<Resource>? Other { get; set; }
}

internal sealed class NestedArgs : ResourceArgs
{
    [Input("inner")]
    public Input<string>? Inner { get; set; }

    [Input("amount")]
    public Input<int>? Amount { get; set; }

    [Input("deeper")]
    public Input<NestedArgs>? Deeper { get; set; }
}
