using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>Resource requests of one chain client.</summary>
/// <param name="Cpu">Cores it needs to follow the chain.</param>
/// <param name="Memory">Bytes; request and limit.</param>
public sealed record NodeSize(Quantity Cpu, Quantity Memory)
{
    // Catching up needs much CPU, following the chain needs little. The limit is for the former.
    private const decimal LimitOverRequest = 2;

    // Databases and logs are on the volume; what is left is what the process prints.
    private const string Ephemeral = "1Gi";

    public static NodeSize Of(string cpu, string memory) => new(Quantity.Parse(cpu), Quantity.Parse(memory));

    /// <summary>Most it may take, in cores.</summary>
    public Quantity CpuLimit => Quantity.Cores(Cpu.Value * LimitOverRequest);

    public ContainerSize Container() => new(Cpu.ToString(), CpuLimit.ToString(), Memory.ToString(), Ephemeral);

    /// <param name="reader">Reads <c>cpu</c> and <c>memory</c>.</param>
    /// <param name="defaults">What the network usually needs.</param>
    /// <param name="leastMemory">Below this the client is killed before it has opened its database.</param>
    public static NodeSize Read(SettingsReader reader, NodeSize defaults, Quantity leastMemory)
    {
        var size = new NodeSize(reader.Cores(
            "cpu",
            "Cores that it requests; its limit is twice as high, for the time that it catches up.",
            defaults.Cpu), reader.Bytes("memory", "Memory: its request and its limit.", defaults.Memory));
        if (size.Cpu < Quota.DefaultCpuRequest)
            reader.Problems.Add(reader.PathOf("cpu"), size.Cpu, $"with so little CPU a node never catches up: raise it ({defaults.Cpu} is the default)");
        if (size.Memory < leastMemory)
            reader.Problems.Add(reader.PathOf("memory"), size.Memory, $"the client runs out of memory while it opens its database: raise it to {leastMemory} or more ({defaults.Memory} is the default)");
        reader.Close();
        return size;
    }
}
