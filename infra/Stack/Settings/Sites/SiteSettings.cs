using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Sites;

/// <summary>One site (<c>ha-cluster:sites.NAME</c>); only <c>image</c> and <c>domain</c> must be given.</summary>
public sealed record SiteSettings
{
    /// <summary>Begins the names of the namespaces of sites.</summary>
    public const string NamespacePrefix = "site-";

    /// <summary>Largest number of replicas of one site: a larger site should have its own node pool.</summary>
    public const int ReplicasLimit = 100;

    private const decimal CpuLimitOverRequest = 4;
    private const int MinUnprivilegedPort = 1024;

    private static readonly Quantity DefaultCpu = Quantity.Parse("100m");
    private static readonly Quantity DefaultMemory = Quantity.Parse("128Mi");
    private static readonly Quantity MinMemory = Quantity.Parse("16Mi");
    private static readonly Quantity EphemeralStorage = Quantity.Parse("256Mi");

    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>Host name under which it is reached.</summary>
    public required string Domain { get; init; }

    /// <summary>Where its container listens for HTTP.</summary>
    public required int Port { get; init; }

    /// <summary>Path that returns a status from 200 to 399 when a replica can serve.</summary>
    public required string HealthPath { get; init; }

    /// <summary>Fewest replicas, at least one per zone.</summary>
    public required int MinReplicas { get; init; }

    /// <summary>Replicas under load.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary>CPU request of one replica; the autoscaler adds replicas when they use most of it.</summary>
    public required Quantity Cpu { get; init; }

    /// <summary>Most that one replica may use.</summary>
    public required Quantity CpuLimit { get; init; }

    public required Quantity Memory { get; init; }

    /// <summary>Logs, writable layer and <c>/tmp</c> of a replica.</summary>
    public required Quantity LocalDisk { get; init; }

    /// <summary>Environment variables of the container; not for secrets.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>The namespace of its own that it runs in.</summary>
    public required NamespaceProfile Namespace { get; init; }

    /// <summary>How its requests are counted.</summary>
    public required ServiceGroup Service { get; init; }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static SiteSettings Read(SettingsReader reader, string name, int zones)
    {
        var min = reader.Int32("minReplicas", "Fewest replicas, at least one per zone.", zones, 1, ReplicasLimit);
        var max = reader.Int32("maxReplicas", "Most replicas, under load.", Math.Min(3 * min, ReplicasLimit), 1, ReplicasLimit);
        var cpu = reader.Cores(
            "cpu",
            "Cores that one replica requests; its limit is four times as high. The autoscaler adds replicas when they use most of their request.",
            DefaultCpu);
        var cpuLimit = Quantity.Cores(cpu.Value * CpuLimitOverRequest);
        var memory = reader.Bytes("memory", "Memory of one replica: its request and its limit.", DefaultMemory);
        var settings = new SiteSettings
        {
            Name = name,
            Image = ReadImage(reader),
            Domain = ReadDomain(reader),
            Port = reader.Int32(
                "port",
                "Port on which the container listens for HTTP.",
                8080, MinUnprivilegedPort, 65535, "a container without root can listen on 1024 to 65535 only: change the port of the image"),
            HealthPath = reader.Text("healthPath", "Path that returns a status from 200 to 399 when a replica can serve.", "/", Shapes.HttpPath),
            MinReplicas = min,
            MaxReplicas = max,
            Cpu = cpu,
            CpuLimit = cpuLimit,
            Memory = memory,
            LocalDisk = EphemeralStorage,
            Environment = ReadEnvironment(reader),
            Namespace = new NamespaceProfile
            {
                Name = NamespacePrefix + name,
                Purpose = $"Site {name}",
                Quota = SiteQuota.For(max, cpu, cpuLimit, memory, EphemeralStorage),
                PodSecurity = PodSecurity.Restricted,
                Reach = Reach.InternetHttps,
            },
            Service = SiteService.Of(name, reader.Text("team", "Team that gets the alerts of the site.", "platform"), decimal.Parse(
                    reader.Text(
                        "objective",
                        "Share of requests that must succeed in 30 days, in quotes.",
                        "0.999", Shapes.Objective), CultureInfo.InvariantCulture)),
        };

        CheckName(reader, name);
        CheckSize(reader, settings, zones);
        reader.Close();
        return settings;
    }

    private static void CheckName(SettingsReader reader, string name)
    {
        if (Shapes.SiteName.Fault(name) is { } fault)
            reader.Problems.Add(reader.Path, $"is not a valid name of a site; {fault}");
    }

    private static void CheckSize(SettingsReader reader, SiteSettings settings, int zones)
    {
        if (settings.MinReplicas < zones)
            reader.Problems.Add(reader.PathOf("minReplicas"), settings.MinReplicas, $"{zones} zones need one replica each, otherwise the loss of one zone takes more than its share of replicas: set {zones} or more");
        if (settings.MaxReplicas < settings.MinReplicas)
            reader.Problems.Add(reader.PathOf("maxReplicas"), settings.MaxReplicas, $"it is less than minReplicas ({settings.MinReplicas}): raise it");
        if (settings.Cpu.Value <= 0)
            reader.Problems.Add(reader.PathOf("cpu"), settings.Cpu, "the autoscaler compares usage with this value: set 10m or more");
        if (settings.Memory < MinMemory)
            reader.Problems.Add(reader.PathOf("memory"), settings.Memory, $"a server does not start with so little: set {MinMemory} or more");
    }

    private static string ReadImage(SettingsReader reader)
    {
        var problems = reader.Problems.Messages.Count;
        var image = reader.Text("image", "Image with a tag or a digest; its process must not need root.", "", Shapes.PinnedImage, mustHaveShape: true);
        if (image.Length == 0 && reader.Problems.Messages.Count == problems)
            reader.Problems.Add(reader.PathOf("image"), "is not set; a site needs an image, such as ghcr.io/your-company/shop:1.4.2");
        return image;
    }

    private static string ReadDomain(SettingsReader reader)
    {
        var problems = reader.Problems.Messages.Count;
        var domain = reader.Text("domain", "Public host name of the site.", "", Shapes.DomainName, mustHaveShape: true);
        if (domain.Length == 0 && reader.Problems.Messages.Count == problems)
            reader.Problems.Add(reader.PathOf("domain"), "is not set; a site needs a public host name, such as shop.your-company.com");
        return domain;
    }

    private static ImmutableSortedDictionary<string, string> ReadEnvironment(SettingsReader reader)
    {
        var environment = reader.TextMap(
            "env",
            "Environment variables of the container; not for secrets.",
            "VARIABLE", "Value of the variable.", Shapes.EnvironmentVariable);
        foreach (var name in environment.Keys.Where(name => !Shapes.EnvironmentVariable.Matches(name)))
            reader.Problems.Add($"{reader.PathOf("env")}.{name}", $"is not a valid name of a variable; {Shapes.EnvironmentVariable.Advice}");
        return environment;
    }
}
