namespace Pulumi.Serialization;

/// <summary>Path of a value in a resource's arguments; converted to text only for an error message.</summary>
internal sealed record PropertyPath(string Name, PropertyPath? Parent = null)
{
    public PropertyPath Property(string name) => new($".{name}", this);

    public PropertyPath Item(int index) => new($"[{index}]", this);

    public override string ToString() => Parent + Name;
}
