using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

internal sealed class DiskArgs : ResourceArgs
{
    [Input("gib", required: true)]
    public Input<int> Gib { get; set; } = null!;

    [Input("key")]
    public Input<string>? Key { get; set; }
}
