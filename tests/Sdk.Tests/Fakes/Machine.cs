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
