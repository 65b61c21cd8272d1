namespace Pulumi.Serialization;

/// <summary>Where in a resource's arguments a value stands; becomes text only when an error has to say so.</summary>
internal sealed record PropertyPath(string Name, PropertyPath? Parent = null)
{
    public PropertyPath Property(string name) => new($".{name}", this);

    public PropertyPath Item(int index) => new($"[{index}]", this);

    public override string ToString() => Parent + Name;
}
