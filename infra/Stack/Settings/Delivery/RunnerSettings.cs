using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>How much is built at once (<c>ha-cluster:delivery.runner</c>).</summary>
public sealed record RunnerSettings
{
    /// <summary>A manager of jobs: it builds nothing itself.</summary>
    public static readonly ContainerSize Manager = new("100m", "500m", "256Mi", "256Mi");

    /// <summary>Clones, and moves artifacts: the container that GitLab adds to every job.</summary>
    public static readonly ContainerSize Helper = new("100m", "500m", "512Mi", "2Gi");

    /// <summary>Service containers of a job: a database, or the image that it tests.</summary>
    public static readonly ContainerSize Service = new("250m", "1", "1Gi", "1Gi");

    /// <summary>Means the internet and no private address.</summary>
    public static readonly Ipv4Cidr Internet = Ipv4Cidr.Parse("0.0.0.0/0");

    private static readonly Ipv4Cidr LinkLocal = Ipv4Cidr.Parse("169.254.0.0/16");

    /// <summary>Runner managers that take jobs, spread over zones.</summary>
    public required int Replicas { get; init; }

    /// <summary>Jobs that each manager runs at once.</summary>
    public required int Concurrent { get; init; }

    /// <summary>Services that a job may start for all jobs to still fit the quota.</summary>
    public required int ServicesPerJob { get; init; }

    /// <summary>The container that runs the script of a job. Image layers of a build use its ephemeral storage.</summary>
    public required ContainerSize Job { get; init; }

    /// <summary>Addresses that jobs may reach over plain HTTP, such as package mirrors.</summary>
    public required ImmutableArray<Ipv4Cidr> HttpTo { get; init; }

    /// <summary>Addresses that jobs may reach over SSH, such as Git servers.</summary>
    public required ImmutableArray<Ipv4Cidr> SshTo { get; init; }

    public static RunnerSettings Read(SettingsReader reader)
    {
        var job = reader.Object("job", "The container that runs the script of a job. Image layers of a build use its ephemeral storage.");
        var settings = new RunnerSettings
        {
            Replicas = reader.Int32("replicas", "Runner managers that take jobs, spread over zones.", 2, 1, 6),
            Concurrent = reader.Int32("concurrent", "Jobs that each manager runs at once.", 2, 1, 100),
            ServicesPerJob = reader.Int32(
                "servicesPerJob",
                "Services (such as databases) per job that the quota is checked for.",
                1, 0, 10),
            Job = new ContainerSize(
                job.Cores("cpu", "Cores that a job requests.", Quantity.Parse("1")).ToString(),
                job.Cores("cpuLimit", "CPU limit of a job, in cores.", Quantity.Parse("2")).ToString(),
                job.Bytes("memory", "Memory of a job: its request and its limit.", Quantity.Parse("4Gi")).ToString(),
                job.Bytes("ephemeralStorage", "Local disk of a job: clone, image layers, artifacts.", Quantity.Parse("8Gi")).ToString()),
            HttpTo = reader.CidrList("httpTo", "Addresses that jobs may reach over plain HTTP, such as package mirrors.", "192.0.2.10/32"),
            SshTo = reader.CidrList("sshTo", "Addresses that jobs may reach over SSH, such as Git servers.", "192.0.2.20/32"),
        };
        CheckReach(reader, "httpTo", settings.HttpTo);
        CheckReach(reader, "sshTo", settings.SshTo);
        if (Value(settings.Job.Cpu) > Value(settings.Job.CpuLimit))
            job.Problems.Add(job.PathOf("cpu"), settings.Job.Cpu, $"it is more than {job.PathOf("cpuLimit")}, which is {settings.Job.CpuLimit}: lower it or raise the limit");
        job.Close();
        reader.Close();
        return settings;
    }

    // Instance metadata answers on port 80, and gives the credentials of the node.
    private static void CheckReach(SettingsReader reader, string name, ImmutableArray<Ipv4Cidr> blocks)
    {
        foreach (var block in blocks.Where(block => block != Internet && block.Overlaps(LinkLocal)))
            reader.Problems.Add(reader.PathOf(name), block, "it contains the address of the instance metadata service: list smaller blocks, or 0.0.0.0/0 for the internet without private addresses");
    }

    /// <summary>Checks that all jobs at once fit the namespace, with one manager more while they are replaced.</summary>
    /// <param name="reader">Reader of <c>ha-cluster:delivery.runner</c>.</param>
    /// <param name="quota">Quota of the namespace that builds run in.</param>
    public void Check(SettingsReader reader, Quota quota)
    {
        var job = reader.Object("job");
        CheckCeiling("cpuLimit", Job.CpuLimit, quota.Container.Cpu);
        CheckCeiling("memory", Job.Memory, quota.Container.Memory);
        CheckCeiling("ephemeralStorage", Job.EphemeralStorage, quota.Container.EphemeralStorage);
        CheckSum("cpu", size => size.Cpu, quota.Cpu);
        CheckSum("cpuLimit", size => size.CpuLimit, quota.CpuLimit);
        CheckSum("memory", size => size.Memory, quota.Memory);
        CheckSum("ephemeralStorage", size => size.EphemeralStorage, quota.EphemeralStorage);
        if (Jobs + Replicas + 1 > quota.Pods)
            Refuse($"{Jobs} jobs and their managers need more pods than ha-cluster:quotas.delivery.pods allows ({quota.Pods})");

        void CheckCeiling(string name, string wanted, Quantity most)
        {
            if (Value(wanted) > most.Value)
                job.Problems.Add(job.PathOf(name), wanted, $"a container in this namespace may have at most {most}: lower it or raise ha-cluster:quotas.delivery.container");
        }

        void CheckSum(string name, Func<ContainerSize, string> of, Quantity most)
        {
            var each = Value(of(Job)) + Value(of(Helper)) + ServicesPerJob * Value(of(Service));
            var managers = (Replicas + 1) * Value(of(Manager));
            if (Jobs * each + managers > most.Value)
            {
                var fit = Math.Max(0, Math.Floor((most.Value - managers) / each));
                Refuse($"{Jobs} concurrent jobs need more than ha-cluster:quotas.delivery.{name} allows; {most} is enough for "
                    + $"{fit.ToString(CultureInfo.InvariantCulture)}: lower it, make jobs smaller or raise the quota");
            }
        }

        void Refuse(string advice) => reader.Problems.Add(reader.PathOf("concurrent"), Concurrent, advice);
    }

    private int Jobs => Replicas * Concurrent;

    private static decimal Value(string quantity) => Quantity.Parse(quantity).Value;
}
