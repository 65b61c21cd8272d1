using System.Text;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Modelling.Nodes;

/// <summary>
/// The kubelet settings in a launch template's user data (<c>NodeConfig</c> of
/// https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/).
/// </summary>
internal sealed class KubeletConfig(PropertyValue? config)
{
    private const string Part = "application/node.eks.aws";
    private const decimal Milli = 1000m;

    public static readonly KubeletConfig None = new(null);

    /// <summary>Null when it is not set, and nodeadm decides.</summary>
    public int? MaxPods => config.At("maxPods").Integer();

    /// <summary>Applied to the default reserves of nodeadm; a custom threshold clears those of nodeadm.</summary>
    public KubeletReserves Over(KubeletReserves defaults, Resources capacity)
    {
        var evictsByItself = config.At("evictionHard") is not null;
        return defaults with
        {
            Kubelet = Amounts("kubeReserved", defaults.Kubelet),
            System = Amounts("systemReserved", defaults.System),
            EvictionMemoryBytes = Threshold("memory.available", capacity.MemoryBytes) ?? (evictsByItself ? 0 : defaults.EvictionMemoryBytes),
            EvictionDiskShare = Threshold("nodefs.available", capacity.EphemeralBytes) is { } bytes && capacity.EphemeralBytes > 0
                ? (decimal)bytes / capacity.EphemeralBytes
                : evictsByItself ? 0 : defaults.EvictionDiskShare,
        };
    }

    /// <exception cref="UnreadableInputException">The user data holds a NodeConfig that is not valid YAML.</exception>
    public static KubeletConfig Of(string? userData, string subject)
    {
        if (userData is null || Text(userData) is not { } text)
            return None;
        var start = text.IndexOf(Part, StringComparison.Ordinal);
        if (start < 0)
            return None;
        // Headers end with an empty line, the part with the next boundary.
        var body = text[start..].ReplaceLineEndings("\n").Split("\n\n", 2) is [_, var rest] ? rest : "";
        var yaml = Boundary(text) is { } boundary ? body.Split("\n--" + boundary)[0] : body;
        var file = YamlFile.Parse($"user data of {subject}", yaml);
        return file.Root is YamlMappingNode root ? new KubeletConfig(new YamlValues(file).Read(root).At("spec", "kubelet", "config")) : None;
    }

    private Resources Amounts(string name, Resources fallback)
    {
        var amounts = config.At(name);
        return new Resources(
            (long?)(ContainerDefaults.Amount(amounts.At("cpu")) * Milli) ?? fallback.MilliCpu,
            (long?)ContainerDefaults.Amount(amounts.At("memory")) ?? fallback.MemoryBytes,
            (long?)ContainerDefaults.Amount(amounts.At("ephemeral-storage")) ?? fallback.EphemeralBytes);
    }

    /// <summary>A quantity, or a percentage of the total.</summary>
    private long? Threshold(string signal, long whole)
    {
        var value = config.At("evictionHard", signal);
        return value.Text() is { } text && text.EndsWith('%')
            ? Quantity.Parse(text[..^1]) is { } percent ? (long)(whole * percent / 100) : null
            : (long?)ContainerDefaults.Amount(value);
    }

    private static string? Text(string userData)
    {
        var bytes = new byte[userData.Length];
        return Convert.TryFromBase64String(userData, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static string? Boundary(string text) => text.Split("boundary=\"", 2) is [_, var rest] ? rest.Split('"')[0] : null;
}
