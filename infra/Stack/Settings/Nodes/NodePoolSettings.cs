using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Nodes;

/// <summary>Size and kind of one node pool (<c>ha-cluster:nodePools.NAME</c>).</summary>
public sealed record NodePoolSettings
{
    // https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html; quota L-BD136A63 is 450 nodes per group.
    private const int MaxNodes = 450;
    private const int SmallestDisk = 30;
    private const int LargestDisk = 16_384;

    public required int Min { get; init; }

    public required int Max { get; init; }

    /// <summary>Nodes to begin with; from then on the autoscaler decides.</summary>
    public required int Desired { get; init; }

    /// <summary>Interchangeable types in order of preference: same size, same processor architecture.</summary>
    public required ImmutableArray<string> InstanceTypes { get; init; }

    /// <summary>Root volume of a node in GiB: images, container logs and ephemeral storage of pods.</summary>
    public required int DiskGiB { get; init; }

    public required bool IsArm { get; init; }

    /// <summary>Whether any node can ever exist in this pool.</summary>
    public bool IsEnabled => Max > 0;

    public static NodePoolSettings Read(SettingsReader reader, NodePoolDefaults defaults)
    {
        var min = reader.Int32("min", "Fewest nodes; in pool stateful, per zone.", defaults.Min, 0, MaxNodes);
        var max = reader.Int32("max", "Most nodes; in pool stateful, per zone.", Math.Max(defaults.Max, min), 0, MaxNodes);
        var desired = reader.Int32(
            "desired",
            "Number of nodes at creation; later the autoscaler decides. Default: min.",
            Math.Clamp(min, 0, Math.Max(max, min)), 0, MaxNodes);
        var types = ReadInstanceTypes(reader, defaults.InstanceTypes);
        var settings = new NodePoolSettings
        {
            Min = min,
            Max = max,
            Desired = desired,
            InstanceTypes = [.. types.Select(type => type.Name)],
            DiskGiB = reader.Int32(
                "diskGiB",
                "Root volume of each node, for images, container logs and ephemeral storage of pods.",
                defaults.DiskGiB, SmallestDisk, LargestDisk),
            IsArm = types[0].IsArm,
        };

        if (max < min)
            reader.Problems.Add(reader.PathOf("max"), max, $"it is less than {reader.PathOf("min")} ({min}): raise max or lower min");
        else if (desired < min || desired > max)
            reader.Problems.Add(reader.PathOf("desired"), desired, $"it is not between min ({min}) and max ({max}): remove it to begin with min");

        return settings;
    }

    private static ImmutableArray<InstanceType> ReadInstanceTypes(SettingsReader reader, ImmutableArray<string> defaults)
    {
        var path = reader.PathOf("instanceTypes");
        var problems = reader.Problems.Messages.Count;
        var names = reader.TextList(
            "instanceTypes",
            "Interchangeable EC2 instance types in order of preference: same size, same processor architecture.",
            defaults, Shapes.Ec2InstanceType);
        var types = ImmutableArray.CreateBuilder<InstanceType>();
        types.AddRange(names.Select(name => InstanceType.Parse(name)!));
        if (names.IsEmpty && reader.Problems.Messages.Count == problems)
            reader.Problems.Add(path, "is empty; a pool needs at least one instance type");
        if (types.Select(type => type.IsArm).Distinct().Count() > 1)
            reader.Problems.Add(path, string.Join(", ", names), "it mixes ARM and x86 processors, which need different images: use types of one architecture");
        if (types.Select(type => type.Size).Distinct(StringComparer.Ordinal).Count() > 1)
            reader.Problems.Add(path, string.Join(", ", names), "the autoscaler assumes that all types of a pool have the same size: choose types with the same size suffix");

        return types.Count > 0 ? types.ToImmutable() : [.. defaults.Select(name => InstanceType.Parse(name)!)];
    }
}

/// <summary>Defaults of a node pool.</summary>
public sealed record NodePoolDefaults(int Min, int Max, int DiskGiB, ImmutableArray<string> InstanceTypes);
