using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>An alert as a rule declares it.</summary>
/// <param name="For">How long its condition must hold before it fires, in the time of the world.</param>
internal sealed record AlertDefinition(
    string Name, TimeSpan For, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);

/// <summary>A service with an objective: the rules record requests, errors and latency of each.</summary>
/// <param name="Workload">The Deployment that serves it.</param>
internal sealed record MeasuredService(string Namespace, string Name, string Workload, string Team, double Objective);

/// <summary>The rules that Prometheus loads: those of the PrometheusRule objects, and some of its chart's own.</summary>
internal sealed partial class RuleBook(ObjectStore store)
{
    /// <summary>https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack/templates/prometheus/rules-1.14</summary>
    private static readonly AlertDefinition[] OfChart =
    [
        Chart("KubeNodeNotReady", "Node is not ready.", "{{ $labels.node }} has been unready for more than 15 minutes."),
        Chart("KubePodNotReady", "Pod has been in a non-ready state for more than 15 minutes.", "Pod {{ $labels.namespace }}/{{ $labels.pod }} has been in a non-ready state for longer than 15 minutes."),
        Chart("KubeDeploymentReplicasMismatch", "Deployment has not matched the expected number of replicas.", "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has not matched the expected number of replicas for longer than 15 minutes."),
        Chart("KubeStatefulSetReplicasMismatch", "StatefulSet has not matched the expected number of replicas.", "StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} has not matched the expected number of replicas for longer than 15 minutes."),
        Chart("KubeJobFailed", "Job failed to complete.", "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed to complete. Removing failed job after investigation should clear this alert."),
    ];

    private (int Count, long Newest) _read = (-1, 0);
    private Dictionary<string, AlertDefinition> _alerts = [];

    public IReadOnlyCollection<MeasuredService> Services { get; private set; } = [];

    /// <summary>Null when no rule of this name is loaded.</summary>
    public AlertDefinition? Find(string alert)
    {
        Load();
        return _alerts.GetValueOrDefault(alert);
    }

    /// <summary>Reads the rules again when they changed.</summary>
    public void Load()
    {
        var objects = store.Kinds.FindByKind("monitoring.coreos.com/v1", "PrometheusRule") is { } kind ? store.List(kind).Items : [];
        var state = (objects.Count, objects.Select(one => one.ResourceVersion).DefaultIfEmpty().Max());
        if (state == _read)
            return;
        _read = state;
        var rules = objects.SelectMany(one => Items(one.Root, "spec", "groups")).SelectMany(group => Items(group, "rules")).ToList();
        _alerts = OfChart.Concat(rules.Where(rule => rule.TryGetProperty("alert", out _)).Select(Alert)).GroupBy(alert => alert.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        Services = [.. rules.Where(rule => Text(rule, "record") == "service:objective").Select(Service)];
    }

    private static AlertDefinition Alert(JsonElement rule) => new(Text(rule, "alert"), Duration(Text(rule, "for")), Texts(rule, "labels"), Texts(rule, "annotations"));

    private static MeasuredService Service(JsonElement rule)
    {
        var labels = Texts(rule, "labels");
        return new MeasuredService(
            labels.GetValueOrDefault("namespace", ""), labels.GetValueOrDefault("service", ""), labels.GetValueOrDefault("workload", ""), labels.GetValueOrDefault("team", ""),
            double.TryParse(Constant().Match(Text(rule, "expr")).Groups["value"].ValueSpan, CultureInfo.InvariantCulture, out var objective) ? objective : 0.999);
    }

    private static AlertDefinition Chart(string name, string summary, string description) => new(
        name, TimeSpan.FromMinutes(15), new Dictionary<string, string> { ["severity"] = "warning", ["team"] = "platform" }, new Dictionary<string, string> { ["summary"] = summary, ["description"] = description });

    private static JsonElement.ArrayEnumerator Items(JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return default;
        }

        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
    }

    private static string Text(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";

    private static Dictionary<string, string> Texts(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Object
        ? found.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString() ?? "", StringComparer.Ordinal) : [];

    /// <summary>As Prometheus writes it: <c>1h30m</c>.</summary>
    private static TimeSpan Duration(string text) => Parts().Matches(text).Aggregate(TimeSpan.Zero, (sum, part) => sum + (int.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
    {
        "d" => TimeSpan.FromDays(1),
        "h" => TimeSpan.FromHours(1),
        "m" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromSeconds(1),
    }));

    [GeneratedRegex("(?<number>[0-9]+)(?<unit>[dhms])")]
    private static partial Regex Parts();

    [GeneratedRegex(@"vector\((?<value>[0-9.]+)\)")]
    private static partial Regex Constant();
}
