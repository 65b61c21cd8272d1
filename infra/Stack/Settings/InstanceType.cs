namespace HaCluster.Stack.Settings;

/// <summary>An EC2 instance type, <c>family + generation + options . size</c>, for example <c>m7g.xlarge</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html</remarks>
public sealed record InstanceType
{
    private InstanceType(string name, string size, bool isArm)
    {
        Name = name;
        Size = size;
        IsArm = isArm;
    }

    public string Name { get; }

    public string Size { get; }

    /// <summary>Whether the processor is a Graviton: a g among the options, or the first generation, a1.</summary>
    public bool IsArm { get; }

    /// <summary>Splits a name; null when it is not shaped like one.</summary>
    public static InstanceType? Parse(string name)
    {
        var match = Shapes.Ec2InstanceTypePattern().Match(name);
        return match.Success
            ? new InstanceType(name, match.Groups["size"].Value, match.Groups["options"].Value.Contains('g') || name.StartsWith("a1.", StringComparison.Ordinal))
            : null;
    }
}
