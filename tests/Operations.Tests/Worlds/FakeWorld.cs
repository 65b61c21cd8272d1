using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>
/// A fake of a cluster and its AWS account, much smaller than the twin: objects as JSON, and controllers that take one step with every read. It can be kept in
/// a file, so that it outlives the process that acts on it. Every change is in its log.
/// </summary>
internal sealed class FakeWorld
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

    public Dictionary<string, JsonObject> Objects { get; set; } = [];

    public List<FakeInstance> Instances { get; set; } = [];

    public List<FakeShift> Shifts { get; set; } = [];

    public List<FakeDatabase> Databases { get; set; } = [];

    public List<string> SingleDatabases { get; set; } = [];

    public List<FakeSnapshot> Snapshots { get; set; } = [];

    /// <summary>Bounds of node groups that were changed.</summary>
    public Dictionary<string, (int Min, int Max)> Sizes { get; set; } = [];

    /// <summary>What was changed from outside, in order: <c>evict shop/api-1</c>.</summary>
    public List<string> Log { get; set; } = [];

    public long Version { get; set; } = 100;

    public int Names { get; set; }

    /// <summary>Images that crash.</summary>
    public List<string> BadImages { get; set; } = [];

    /// <summary>What their containers wait for.</summary>
    public string BadImageReason { get; set; } = "CrashLoopBackOff";

    public (int Min, int Max) SizeOf(string group) => Sizes.TryGetValue(group, out var size) ? size : (1, 4);

    /// <summary>Beginnings of names of jobs that fail.</summary>
    public List<string> BadJobs { get; set; } = [];

    /// <summary>The phase that Velero's work ends with.</summary>
    public string VeleroEnds { get; set; } = "Completed";

    public static FakeWorld Load(string path) => JsonSerializer.Deserialize<FakeWorld>(File.ReadAllText(path), Options)!;

    public void Save(string path)
    {
        // A kill leaves the old file or the new one.
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, Options));
        File.Move(path + ".new", path, overwrite: true);
    }

    public static string Key(string plural, string? @namespace, string name) => $"{plural}/{@namespace}/{name}";

    public IEnumerable<JsonObject> All(string plural) => Objects.Where(entry => entry.Key.StartsWith(plural + "/", StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value);

    public JsonObject Put(string plural, JsonObject subject)
    {
        var metadata = subject["metadata"]!.AsObject();
        metadata["resourceVersion"] = $"{++Version}";
        metadata["uid"] ??= $"uid-{Version}";
        Objects[Key(plural, metadata["namespace"]?.GetValue<string>(), metadata["name"]!.GetValue<string>())] = subject;
        return subject;
    }

    public JsonObject? Find(string plural, string? @namespace, string name) => Objects.GetValueOrDefault(Key(plural, @namespace, name));

    public void Remove(string plural, JsonObject subject) => Objects.Remove(Key(plural, subject["metadata"]!["namespace"]?.GetValue<string>(), subject["metadata"]!["name"]!.GetValue<string>()));

    /// <summary>What counts of the whole, for comparing two worlds: not names, versions and times.</summary>
    public string Summary()
    {
        var lines = new List<string>();
        lines.AddRange(All("nodes").Select(node => $"node {ZoneOf(node)} cordoned={node["spec"]?["unschedulable"]?.GetValue<bool>() ?? false} ready={FakeControllers.IsReady(node)}").Order(StringComparer.Ordinal));
        foreach (var plural in new[] { "deployments", "statefulsets" })
        {
            lines.AddRange(All(plural).Select(workload =>
            {
                var pods = FakeControllers.PodsOf(this, workload).ToList();
                var zones = pods.Select(pod => pod["spec"]!["nodeName"]?.GetValue<string>() is { } node ? ZoneOf(Find("nodes", null, node)!) : "none").GroupBy(zone => zone).Count();
                return $"{plural} {Name(workload)} image={Image(workload)} replicas={workload["spec"]!["replicas"]} ready={pods.Count(FakeControllers.IsReady)} pods={pods.Count}";
            }));
        }
        lines.AddRange(All("nodes").Where(node => node["spec"]?["unschedulable"]?.GetValue<bool>() == true)
            .Select(node => $"cordoned {Name(node)} pods={All("pods").Count(pod => pod["spec"]!["nodeName"]?.GetValue<string>() == Name(node) && pod["metadata"]!["ownerReferences"]![0]!["kind"]!.GetValue<string>() != "DaemonSet")}"));
        lines.AddRange(Shifts.Where(shift => shift.Status == "ACTIVE").Select(shift => $"shift {shift.Resource} {shift.ZoneId}").Order(StringComparer.Ordinal));
        lines.AddRange(Databases.Select(database => $"database {database.Id} {database.Status} writer={database.Writer}"));
        lines.AddRange(Instances.GroupBy(instance => (instance.Zone, instance.State)).Select(group => $"instances {group.Key.Zone} {group.Key.State} {group.Count()}").Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    public static string Name(JsonObject subject) => subject["metadata"]!["name"]!.GetValue<string>();

    public static string ZoneOf(JsonObject node) => node["metadata"]!["labels"]!["topology.kubernetes.io/zone"]!.GetValue<string>();

    private static string Image(JsonObject workload) => workload["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>();
}

internal sealed class FakeInstance
{
    public string Id { get; set; } = "";

    public string State { get; set; } = "running";

    public string Zone { get; set; } = "";

    public string Group { get; set; } = "";
}

internal sealed class FakeShift
{
    public string Id { get; set; } = "";

    public string Resource { get; set; } = "";

    public string ZoneId { get; set; } = "";

    public string Status { get; set; } = "ACTIVE";

    public string Comment { get; set; } = "";

    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class FakeDatabase
{
    public string Id { get; set; } = "";

    public string Status { get; set; } = "available";

    public string Writer { get; set; } = "";

    public string Target { get; set; } = "";

    /// <summary>Reads until the failover is over.</summary>
    public int Left { get; set; }

    /// <summary>Zone by instance.</summary>
    public Dictionary<string, string> Members { get; set; } = [];
}

internal sealed class FakeSnapshot
{
    public string Id { get; set; } = "";

    public string Database { get; set; } = "";

    /// <summary>Its tag.</summary>
    public string Cluster { get; set; } = "";

    public string Status { get; set; } = "creating";

    /// <summary>Reads until it is available.</summary>
    public int Left { get; set; } = 4;
}
