using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Chains.Ethereum;

/// <summary>
/// The token with which the two clients of a pod authenticate. Each pod creates its own in memory when it starts: there is nothing to store, share
/// or rotate, and every pair has a different one.
/// </summary>
public static class EngineToken
{
    public const string File = Path + "/jwt.hex";

    private const string Volume = "engine-token";
    private const string Path = "/run/engine";

    public static readonly ContainerSize Size = new("10m", "100m", "32Mi", "16Mi");

    /// <summary>256 bits as hexadecimal digits: https://github.com/ethereum/execution-apis/blob/main/src/engine/authentication.md.</summary>
    public const string Script = $"umask 077; head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' > {File}; [ \"$(wc -c < {File})\" -eq 64 ]";

    public static ContainerArgs Maker() => new()
    {
        Name = "engine-token",
        Image = Pins.BusyBox,
        Command = { "sh", "-euc", Script },
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts = { new VolumeMountArgs { Name = Volume, MountPath = Path } },
    };

    public static VolumeArgs Memory() => NodeStatefulSet.Memory(Volume, "1Mi");

    public static VolumeMountArgs Mount() => new() { Name = Volume, MountPath = Path, ReadOnly = true };
}
