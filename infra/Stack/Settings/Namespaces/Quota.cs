namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>Quota of all pods of a namespace, and limits for a single container.</summary>
public sealed record Quota
{
    /// <summary>Default request of a pod. A quota must have room for as many of these as it allows pods.</summary>
    public static readonly Quantity DefaultCpuRequest = Quantity.Parse("100m");

    /// <summary>
    /// The limit of a container that sets none. The API server refuses a container that requests more than its limit, so this is also the most
    /// that a chart without limits may request; everyday ones request up to a core and 1 GiB.
    /// </summary>
    public static readonly Quantity DefaultCpuLimit = Quantity.Parse("1");

    public static readonly Quantity DefaultMemoryRequest = Quantity.Parse("256Mi");

    public static readonly Quantity DefaultMemoryLimit = Quantity.Parse("1Gi");

    public static readonly Quantity DefaultEphemeralStorageRequest = Quantity.Parse("512Mi");

    public static readonly Quantity DefaultEphemeralStorageLimit = Quantity.Parse("1Gi");

    /// <summary>Largest ratio of memory limit to memory request, for a container and for all containers of a namespace.</summary>
    public const int MemoryLimitOverRequest = 4;

    // What the defaults of a container are to each other, a quota has as well: as many pods fit its limits as its requests.
    private const int CpuLimitOverRequest = 10;
    private const int EphemeralStorageLimitOverRequest = 2;

    private const int DefaultObjects = 250;

    /// <summary>Sum of cpu requests, in cores.</summary>
    public required Quantity Cpu { get; init; }

    /// <summary>Sum of cpu limits, in cores.</summary>
    public required Quantity CpuLimit { get; init; }

    /// <summary>Sum of memory requests, in bytes.</summary>
    public required Quantity Memory { get; init; }

    /// <summary>Sum of memory limits, in bytes.</summary>
    public required Quantity MemoryLimit { get; init; }

    /// <summary>Sum of requests for logs, writable layers and emptyDir volumes, in bytes.</summary>
    public required Quantity EphemeralStorage { get; init; }

    /// <summary>Sum of limits for the same, in bytes.</summary>
    public required Quantity EphemeralStorageLimit { get; init; }

    public required int Pods { get; init; }

    /// <summary>Number of volume claims.</summary>
    public required int Volumes { get; init; }

    /// <summary>Sum of volume claims, in bytes.</summary>
    public required Quantity Storage { get; init; }

    public required int LoadBalancers { get; init; }

    /// <summary>
    /// Objects of each kind that a runaway controller or pipeline could fill the cluster's database with. Pods that have ended are not among them:
    /// evicted ones stay for a while, and would keep new ones out when those are needed most.
    /// </summary>
    public int Objects { get; init; } = DefaultObjects;

    /// <summary>Limits for a single container.</summary>
    public required ContainerCeiling Container { get; init; }

    /// <summary>Largest single volume claim, in bytes.</summary>
    public required Quantity LargestVolume { get; init; }

    /// <summary>Reads a quota over its defaults and checks that its parts are consistent.</summary>
    public static Quota Read(SettingsReader reader, Quota defaults)
    {
        var container = reader.Object("container", "Limits for a single container.");
        var cpu = reader.Cores("cpu", "Sum of the CPU requests of all pods, in cores.", defaults.Cpu);
        var memory = reader.Bytes("memory", "Sum of the memory requests of all pods.", defaults.Memory);
        var ephemeralStorage = reader.Bytes(
            "ephemeralStorage",
            "Sum of the ephemeral-storage requests of all pods (logs, writable layers, emptyDir volumes).",
            defaults.EphemeralStorage);
        var quota = new Quota
        {
            Cpu = cpu,
            CpuLimit = reader.Cores(
                "cpuLimit",
                "Sum of the CPU limits of all pods, in cores. Default if cpu is set: ten times cpu.",
                reader.Has("cpu") ? Quantity.Cores(cpu.Value * CpuLimitOverRequest) : defaults.CpuLimit),
            Memory = memory,
            MemoryLimit = reader.Bytes(
                "memoryLimit",
                "Sum of the memory limits of all pods. Default if memory is set: four times memory.",
                reader.Has("memory") ? memory.Times(MemoryLimitOverRequest) : defaults.MemoryLimit),
            EphemeralStorage = ephemeralStorage,
            EphemeralStorageLimit = reader.Bytes(
                "ephemeralStorageLimit",
                "Sum of the ephemeral-storage limits of all pods. Default if ephemeralStorage is set: twice ephemeralStorage.",
                reader.Has("ephemeralStorage") ? ephemeralStorage.Times(EphemeralStorageLimitOverRequest) : defaults.EphemeralStorageLimit),
            Pods = reader.Int32("pods", "Number of pods that exist at once, including terminating ones.", defaults.Pods, 1, 10_000),
            Volumes = reader.Int32("volumes", "Number of volume claims.", defaults.Volumes, 0, 1_000),
            Storage = reader.Bytes("storage", "Sum of the sizes of all volume claims.", defaults.Storage),
            LoadBalancers = reader.Int32("loadBalancers", "Number of Services of type LoadBalancer.", defaults.LoadBalancers, 0, 50),
            Objects = reader.Int32("objects", "Number of objects of each kind, such as config maps, secrets and jobs.", defaults.Objects, 10, 10_000),
            LargestVolume = reader.Bytes("largestVolume", "Largest single volume claim.", defaults.LargestVolume),
            Container = new ContainerCeiling(
                container.Cores("cpu", "Largest CPU limit of one container, in cores.", defaults.Container.Cpu),
                container.Bytes("memory", "Largest memory limit of one container.", defaults.Container.Memory),
                container.Bytes("ephemeralStorage", "Largest ephemeral-storage limit of one container.", defaults.Container.EphemeralStorage)),
        };
        CheckRoom(reader, quota);
        CheckCeilings(reader, container, quota);
        container.Close();
        return quota;
    }

    /// <summary>A quota that differs from others in a few numbers only; the rest follows from them.</summary>
    public static Quota Of(
        string cpu, string memory, string ephemeralStorage, int pods, int volumes, string storage, int loadBalancers, ContainerCeiling container) => new()
        {
            Cpu = Quantity.Parse(cpu),
            CpuLimit = Quantity.Cores(Quantity.Parse(cpu).Value * CpuLimitOverRequest),
            Memory = Quantity.Parse(memory),
            MemoryLimit = Quantity.Parse(memory).Times(MemoryLimitOverRequest),
            EphemeralStorage = Quantity.Parse(ephemeralStorage),
            EphemeralStorageLimit = Quantity.Parse(ephemeralStorage).Times(EphemeralStorageLimitOverRequest),
            Pods = pods,
            Volumes = volumes,
            Storage = Quantity.Parse(storage),
            LoadBalancers = loadBalancers,
            Container = container,
            LargestVolume = Quantity.Parse(storage),
        };

    // Pods that declare nothing get the defaults; a quota that is too small for its own number of pods would refuse pods for an unclear reason.
    private static void CheckRoom(SettingsReader reader, Quota quota)
    {
        Check("cpu", quota.Cpu, DefaultCpuRequest);
        Check("cpuLimit", quota.CpuLimit, DefaultCpuLimit);
        Check("memory", quota.Memory, DefaultMemoryRequest);
        Check("memoryLimit", quota.MemoryLimit, DefaultMemoryLimit);
        Check("ephemeralStorage", quota.EphemeralStorage, DefaultEphemeralStorageRequest);
        Check("ephemeralStorageLimit", quota.EphemeralStorageLimit, DefaultEphemeralStorageLimit);

        void Check(string name, Quantity whole, Quantity each)
        {
            if (whole.Value < each.Value * quota.Pods)
            {
                reader.Problems.Add(
                    reader.PathOf(name),
                    whole,
                    $"it is enough for {Math.Floor(whole.Value / each.Value):0} pods with the default of {each}, but pods allows {quota.Pods}: raise {name} or lower pods");
            }
        }
    }

    private static void CheckCeilings(SettingsReader reader, SettingsReader container, Quota quota)
    {
        Check(container, "cpu", quota.Container.Cpu, quota.CpuLimit, DefaultCpuRequest);
        Check(container, "memory", quota.Container.Memory, quota.Memory, DefaultMemoryRequest);
        Check(container, "ephemeralStorage", quota.Container.EphemeralStorage, quota.EphemeralStorage, DefaultEphemeralStorageRequest);
        if (quota.LargestVolume > quota.Storage)
            reader.Problems.Add(reader.PathOf("largestVolume"), quota.LargestVolume, $"it is more than storage ({quota.Storage}): lower it or raise storage");

        static void Check(SettingsReader at, string name, Quantity ceiling, Quantity whole, Quantity least)
        {
            if (ceiling > whole)
                Refuse($"it allows one container more than the quota of the whole namespace ({whole}): lower it or raise the quota");
            else if (ceiling < least)
                Refuse($"it is below the default of a container ({least}), so no container could start: raise it");

            void Refuse(string advice) => at.Problems.Add(at.PathOf(name), ceiling, advice);
        }
    }
}
