using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>A resource as generated code has it.</summary>
[ResourceType("test:index:Machine", "1.2.0")]
internal sealed class Machine : CustomResource
{
    public Machine(string name, MachineArgs? args = null, CustomResourceOptions? options = null)
        : base("test:index:Machine", name, args ?? new MachineArgs(), options)
    {
    }

    [Output("size")]
    public Output<int> Size { get; private set; } = null!;

    [Output("zone")]
    public Output<string?> Zone { get; private set; } = null!;

    [Output("tags")]
    public Output<ImmutableDictionary<string, string>?> Tags { get; private set; } = null!;

    [Output("disks")]
    public Output<ImmutableArray<Disk>> Disks { get; private set; } = null!;

    [Output("password")]
    public Output<string?> Password { get; private set; } = null!;
}

/// <summary>Arguments as generated code has them.</summary>
internal sealed class MachineArgs : ResourceArgs
{
    [Input("disks")]
    private InputList<DiskArgs>? _disks;

    [Input("tags")]
    private InputMap<string>? _tags;

    [Input("size")]
    public Input<int>? Size { get; set; }

    [Input("zone")]
    public Input<string>? Zone { get; set; }

    [Input("password")]
    public Input<string>? Password { get; set; }

    [Input("peer")]
    public Input<Resource>? Peer { get; set; }

    [Input("settings", json: true)]
    public InputMap<string>? Settings { get; set; }

    [Input("user")]
    public object? User { get; set; }

    public InputMap<string> Tags
    {
        get => _tags ??= new InputMap<string>();
        set => _tags = value;
    }

    public InputList<DiskArgs> Disks
    {
        get => _disks ??= new InputList<DiskArgs>();
        set => _disks = value;
    }
}

[OutputType]
internal sealed class Disk
{
    public readonly int Gib;
    public readonly string? Key;

    [OutputConstructor]
    private Disk(int gib, string? key)
    {
        Gib = gib;
        Key = key;
    }
}

internal sealed class DiskArgs : ResourceArgs
{
    [Input("gib", required: true)]
    public Input<int> Gib { get; set; } = null!;

    [Input("key")]
    public Input<string>? Key { get; set; }
}
