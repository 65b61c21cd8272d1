using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

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
