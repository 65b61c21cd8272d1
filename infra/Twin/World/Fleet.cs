using System.Globalization;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;

namespace HaCluster.Twin.World;

/// <summary>The instances of EC2 behind the nodes: their ids and addresses, which follow from the seed, and their states.</summary>
internal sealed class Fleet(int seed)
{
    /// <summary>How long EC2 shows a terminated instance (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html: about an hour).</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);

    private readonly Dictionary<string, InstanceRecord> _byNode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstanceRecord> _byId = new(StringComparer.Ordinal);
    private int _addresses = 9;

    public IEnumerable<InstanceRecord> All => _byNode.Values;

    public InstanceRecord? Find(string id) => _byId.GetValueOrDefault(id);

    public InstanceRecord Of(Node node, TimeSpan now)
    {
        if (_byNode.TryGetValue(node.Name, out var known))
            return known;
        var number = ++_addresses;
        var address = string.Create(CultureInfo.InvariantCulture, $"10.0.{number >> 8}.{number & 255}");
        var instance = new InstanceRecord(
            $"i-0{Ids.Hex($"{seed}/instance/{node.Name}", 16)}", node, address, $"ip-{address.Replace('.', '-')}.{RegionOf(node.Zone)}.compute.internal", now);
        _byNode.Add(node.Name, instance);
        _byId.Add(instance.Id, instance);
        return instance;
    }

    /// <summary>Follows the run: new instances, and those that ended.</summary>
    public void Follow(ClusterRun run)
    {
        foreach (var node in run.UpcomingNodes)
            Of(node, run.Now);
        var upcoming = run.UpcomingNodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var instance in _byNode.Values)
        {
            var state = StateOf(run, instance, upcoming);
            if (state == instance.State)
                continue;
            instance.State = state;
            if (state == InstanceState.Terminated)
                instance.EndedAt = run.Now;
        }

        foreach (var gone in _byNode.Values.Where(instance => instance.EndedAt + Shown < run.Now).ToList())
        {
            _byNode.Remove(gone.Node.Name);
            _byId.Remove(gone.Id);
        }
    }

    private static InstanceState StateOf(ClusterRun run, InstanceRecord instance, HashSet<string> upcoming)
    {
        if (upcoming.Contains(instance.Node.Name))
            return InstanceState.Pending;
        if (run.LossOf(instance.Node.Name) is { } loss)
        {
            return loss.Instance switch
            {
                LostInstances.Terminated => InstanceState.Terminated,
                LostInstances.Stopped => InstanceState.Stopped,
                _ => InstanceState.Running,
            };
        }

        return run.State.Find(instance.Node.Name) is not null ? InstanceState.Running : InstanceState.Terminated;
    }

    /// <summary><c>eu-central-1</c> of <c>eu-central-1a</c>.</summary>
    public static string RegionOf(string zone) => zone.Length > 1 && char.IsAsciiLetter(zone[^1]) && char.IsAsciiDigit(zone[^2]) ? zone[..^1] : zone;
}

/// <summary>An instance of EC2.</summary>
internal sealed class InstanceRecord(string id, Node node, string address, string dnsName, TimeSpan launchedAt)
{
    public string Id { get; } = id;

    public Node Node { get; } = node;

    public string Address { get; } = address;

    public string DnsName { get; } = dnsName;

    /// <summary>In virtual time.</summary>
    public TimeSpan LaunchedAt { get; } = launchedAt;

    public InstanceState State { get; set; } = InstanceState.Pending;

    public TimeSpan? EndedAt { get; set; }
}

internal enum InstanceState
{
    Pending,
    Running,
    Stopped,
    Terminated,
}
