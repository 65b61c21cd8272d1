namespace HaCluster.Operations.Viewing;

/// <summary>
/// What the scheduler counts: containers and sidecars, or the largest init container if that is more, or the requests of the whole pod where it has some
/// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers,
/// https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/).
/// </summary>
/// <remarks>
/// The model of the proof adds the same up (<c>ContainerSums</c>), from the whole pod as property values. A view reads every pod of the cluster as it streams in, and
/// may not hold it, so it keeps these sums only; a test holds both to the same results. It needs no defaults, since the API server writes them into each pod, and
/// a resize in progress shows once the pod's spec has it.
/// </remarks>
internal sealed class PodRequests
{
    private decimal _cpu;
    private decimal _memory;

    public List<((decimal? Cpu, decimal? Memory) Amounts, bool IsSidecar)> Init { get; } = [];

    public (decimal? Cpu, decimal? Memory) Overhead { get; set; }

    /// <summary>Requests of the pod as a whole; they count in place of those of its containers.</summary>
    public (decimal? Cpu, decimal? Memory) OfPod { get; set; }

    public void Add((decimal? Cpu, decimal? Memory) amounts) => (_cpu, _memory) = (_cpu + (amounts.Cpu ?? 0), _memory + (amounts.Memory ?? 0));

    public (decimal Cpu, decimal Memory) Total()
    {
        decimal sideCpu = 0, sideMemory = 0, mostCpu = 0, mostMemory = 0;
        foreach (var (amounts, isSidecar) in Init)
        {
            var (cpu, memory) = (sideCpu + (amounts.Cpu ?? 0), sideMemory + (amounts.Memory ?? 0));
            (mostCpu, mostMemory) = (Math.Max(mostCpu, cpu), Math.Max(mostMemory, memory));
            if (isSidecar)
                (sideCpu, sideMemory) = (cpu, memory);
        }

        return ((OfPod.Cpu ?? Math.Max(mostCpu, sideCpu + _cpu)) + (Overhead.Cpu ?? 0), (OfPod.Memory ?? Math.Max(mostMemory, sideMemory + _memory)) + (Overhead.Memory ?? 0));
    }
}
