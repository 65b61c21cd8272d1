using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Services;

namespace HaCluster.Stack.Settings.Sites;

/// <summary>One site (<c>ha-cluster:sites.NAME</c>); only <c>image</c> and <c>domain</c> must be given.</summary>
public sealed partial record SiteSettings
{
    /// <summary>Begins the names of the namespaces of sites.</summary>
    public const string NamespacePrefix = "site-";

    /// <summary>Replicas of one site at most: more belong into node pools of their own.</summary>
    public const int MostReplicas = 100;

    // Pods are named after the site, with a hash and a suffix behind it, in 63 characters.
    private const int LongestName = 40;
    private const decimal CpuLimitOverRequest = 4;
    private const int LeastUnprivilegedPort = 1024;

    private static readonly Quantity DefaultCpu = Quantity.Parse("100m");
    private static readonly Quantity DefaultMemory = Quantity.Parse("128Mi");
    private static readonly Quantity LeastMemory = Quantity.Parse("16Mi");
    private static readonly Quantity EphemeralStorage = Quantity.Parse("256Mi");

    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>Host name under which it is reached.</summary>
    public required string Domain { get; init; }

    /// <summary>Where its container listens for HTTP.</summary>
    public required int Port { get; init; }

    /// <summary>Path that answers 200 to 399 when a replica can serve.</summary>
    public required string HealthPath { get; init; }

    /// <summary>Replicas at quiet times, one a zone at least.</summary>
    public required int MinReplicas { get; init; }

    /// <summary>Replicas under load.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary>What one replica asks for; the autoscaler adds replicas when they use most of it.</summary>
    public required Quantity Cpu { get; init; }

    /// <summary>Most that one replica may use.</summary>
    public required Quantity CpuLimit { get; init; }

    public required Quantity Memory { get; init; }

    /// <summary>Logs, writable layer and <c>/tmp</c> of a replica.</summary>
    public required Quantity LocalDisk { get; init; }

    /// <summary>Environment of its container; not for secrets.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>The namespace of its own that it runs in.</summary>
    public required NamespaceProfile Namespace { get; init; }

    /// <summary>How its requests are counted.</summary>
    public required ServiceGroup Service { get; init; }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static SiteSettings Read(SettingsReader reader, string name, int zones)
    {
        var min = reader.Int32("minReplicas", zones, 1, MostReplicas);
        var max = reader.Int32("maxReplicas", Math.Min(3 * min, MostReplicas), 1, MostReplicas);
        var cpu = reader.Cores("cpu", DefaultCpu);
        var cpuLimit = Quantity.Cores(cpu.Value * CpuLimitOverRequest);
        var memory = reader.Bytes("memory", DefaultMemory);
        var settings = new SiteSettings
        {
            Name = name,
            Image = ReadImage(reader),
            Domain = ReadDomain(reader),
            Port = reader.Int32("port", 8080, LeastUnprivilegedPort, 65535, "a container without privileges listens on 1024 to 65535: change the port in the image"),
            HealthPath = ReadPath(reader),
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
            Service = SiteService.Of(name, reader.Text("team", "platform"), ReadObjective(reader)),
        };

        CheckName(reader, name);
        CheckSize(reader, settings, zones);
        reader.Close();
        return settings;
    }

    private static void CheckName(SettingsReader reader, string name)
    {
        if (!NameShape().IsMatch(name) || name.Length > LongestName)
            reader.Problems.Add(reader.PathOf("")[..^1], $"is not a name for a site; use lower-case letters, digits and dashes, a letter first, {LongestName} at most");
    }

    private static void CheckSize(SettingsReader reader, SiteSettings settings, int zones)
    {
        if (settings.MinReplicas < zones)
            reader.Problems.Add(reader.PathOf("minReplicas"), settings.MinReplicas, $"{zones} zones need a replica each, else the loss of a zone is the loss of more than its share: set {zones} or more");
        if (settings.MaxReplicas < settings.MinReplicas)
            reader.Problems.Add(reader.PathOf("maxReplicas"), settings.MaxReplicas, $"it is below minReplicas, which is {settings.MinReplicas}: raise it");
        if (settings.Cpu.Value <= 0)
            reader.Problems.Add(reader.PathOf("cpu"), settings.Cpu, "the autoscaler counts in shares of it: set 10m or more");
        if (settings.Memory < LeastMemory)
            reader.Problems.Add(reader.PathOf("memory"), settings.Memory, $"no server starts in that: set {LeastMemory} or more");
    }

    private static string ReadImage(SettingsReader reader)
    {
        var image = reader.Text("image", "");
        if (image.Length == 0)
            reader.Problems.Add(reader.PathOf("image"), "is not set; a site needs an image, such as ghcr.io/your-company/shop:1.4.2");
        else if (ImageReference.Fault(image) is { } fault)
            reader.Problems.Add(reader.PathOf("image"), $"\"{image}\"", fault);
        return image;
    }

    private static string ReadDomain(SettingsReader reader)
    {
        var domain = reader.Text("domain", "");
        if (domain.Length == 0)
            reader.Problems.Add(reader.PathOf("domain"), "is not set; a site needs the name that people reach it by, such as shop.your-company.com");
        else if (!DomainName.IsValid(domain))
            reader.Problems.Add(reader.PathOf("domain"), $"\"{domain}\"", "write a full name in lower case, such as shop.your-company.com: no scheme, path, port or wildcard");
        return domain;
    }

    private static string ReadPath(SettingsReader reader)
    {
        var path = reader.Text("healthPath", "/");
        if (!PathShape().IsMatch(path))
            reader.Problems.Add(reader.PathOf("healthPath"), $"\"{path}\"", "a path such as /healthz is expected here");
        return path;
    }

    private static decimal ReadObjective(SettingsReader reader)
    {
        const decimal Least = 0.9m, Most = 0.9999m;
        var text = reader.Text("objective", "0.999");
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var objective) && objective is >= Least and <= Most)
            return objective;

        reader.Problems.Add(reader.PathOf("objective"), $"\"{text}\"", $"the share of requests that must succeed in 30 days is a number from {Least} to {Most}, in quotes");
        return 0.999m;
    }

    private static ImmutableSortedDictionary<string, string> ReadEnvironment(SettingsReader reader)
    {
        var environment = reader.TextMap("env");
        foreach (var name in environment.Keys.Where(name => !VariableShape().IsMatch(name)))
            reader.Problems.Add($"{reader.PathOf("env")}.{name}", "is not a name for a variable; use letters, digits and underscores, no digit first");
        return environment;
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^/[A-Za-z0-9._~/\-]*$")]
    private static partial Regex PathShape();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableShape();
}
