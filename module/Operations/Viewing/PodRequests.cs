namespace HaCluster.Operations.Viewing;

/// <summary>
/// What the scheduler counts: containers and sidecars, or the largest init container if that is more
/// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
/// </summary>
internal sealed class PodRequests
{
    private decimal _cpu;
    private decimal _memory;

    public List<((decimal Cpu, decimal Memory) Amounts, bool IsSidecar)> Init { get; } = [];

    public (decimal Cpu, decimal Memory) Overhead { get; set; }

    public void Add((decimal Cpu, decimal Memory) amounts) => (_cpu, _memory) = (_cpu + amounts.Cpu, _memory + amounts.Memory);

    public (decimal Cpu, decimal Memory) Total()
    {
        decimal sideCpu = 0, sideMemory = 0, mostCpu = 0, mostMemory = 0;
        foreach (var (amounts, isSidecar) in Init)
        {
            (mostCpu, mostMemory) = (Math.Max(mostCpu, sideCpu + amounts.Cpu), Math.Max(mostMemory, sideMemory + amounts.Memory));
            if (isSidecar)
                (sideCpu, sideMemory) = (sideCpu + amounts.Cpu, sideMemory + amounts.Memory);
        }

        return (Math.Max(mostCpu, sideCpu + _cpu) + Overhead.Cpu, Math.Max(mostMemory, sideMemory + _memory) + Overhead.Memory);
    }
}
