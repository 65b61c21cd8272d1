namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>Most that one container may ask for: cores, bytes, bytes.</summary>
public sealed record ContainerCeiling(Quantity Cpu, Quantity Memory, Quantity EphemeralStorage)
{
    public static ContainerCeiling Of(string cpu, string memory, string ephemeralStorage) =>
        new(Quantity.Parse(cpu), Quantity.Parse(memory), Quantity.Parse(ephemeralStorage));
}
