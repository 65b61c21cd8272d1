using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

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
