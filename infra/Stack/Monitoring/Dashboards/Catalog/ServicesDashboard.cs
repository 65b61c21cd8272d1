using System.Collections.Immutable;
using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>One service at a time: how it serves, what it uses and costs, and what the last release did to that.</summary>
internal static class ServicesDashboard
{
    public const string Uid = "ha-services";

    private const string Latency = $"max by (service) (service:latency_seconds{{{ServiceQueries.Service}}})";
    private const string Errors = $"max by (service) (service:errors:ratio_rate5m{{{ServiceQueries.Service}}})";
    private const string Requests = $"max by (service) (service:requests:rate5m{{{ServiceQueries.Service}}})";

    private static readonly ImmutableArray<string> BurnWindows = ["5m", "1h", "6h", "3d"];

    public static Dashboard Of(ImmutableArray<ServiceGroup> services) => new()
    {
        Uid = Uid,
        Title = "Services",
        Description = "Rate, errors, latency, saturation and cost of one service, with its releases marked.",
        Variables =
        [
            new() { Name = "service", Label = "Service", Query = "label_values(service:objective, service)" },
            Following("namespace", services, service => service.Namespace),
            Following("pods", services, service => service.Pods),
            new() { Name = "release", Label = "Last release", Query = ReleaseQueries.Last, Pattern = ReleaseQueries.LastPattern, IsHidden = true, FollowsTimeRange = true },
        ],
        Annotations = [new Annotation("Releases", ReleaseQueries.Marks, "Release of {{workload}}", "purple")],
        Rows = [Objective(), LastRelease(), Serving(), Saturation(), Resources()],
    };

    private static Row Objective() => new("Objective",
    [
        Panel.Stat(
            "Error budget remaining", Unit.Share,
            "Share of the errors that the objective allows in 30 days (or as long as Prometheus keeps metrics). Below 0 the objective is missed: stop releases and fix the cause.",
            new Target(ServiceQueries.BudgetLeft, "left")).Colored(Threshold.Falling(0, 0.25)),
        Panel.Stat("Objective", Unit.Share, "Share of requests that must succeed over 30 days.",
            new Target($"max by (service) (service:objective{{{ServiceQueries.Service}}})", "objective")),
        Panel.Stat(
            "Current errors", Unit.Share,
            "Share of requests that failed in the last 5 minutes.",
            new Target(Errors, "errors")).Colored(Threshold.Rising(0.001, 0.01)),
        Panel.Stat("Current requests", Unit.RequestsPerSecond, "Average over the last 5 minutes.", new Target(Requests, "requests")),
        Panel.Stat("Current latency", Unit.Seconds, "95th percentile of a site, average of a chain front.", new Target(Latency, "latency")),
        Panel.Stat(
            "Cost", Unit.UsDollars,
            "Per hour, for the CPU and memory that its pods request, at the prices assumed in the recording rules.",
            new Target(ServiceQueries.Cost, "per hour")),
    ]);

    private static Row LastRelease() => new("Effect of the last release (hour before and hour after, without 5 minutes of rollout)",
    [
        Panel.Stat(
            "Last release", Unit.Ago,
            "Last release in the selected time range. Without one, the hours before and after the start of the range are compared.",
            new Target("vector($release * 1000)", "release")),
        Compared("Latency", Unit.Seconds, Latency),
        Compared("Errors", Unit.Share, Errors),
        Compared("Requests", Unit.RequestsPerSecond, Requests),
        Compared("Cost per hour", Unit.UsDollars, ServiceQueries.Cost),
        Panel.Stat("Change", Unit.Share, "Relative increase after the release. Latency and cost should not rise for the same requests.",
            new Target(ReleaseQueries.Change(Latency), "latency"),
            new Target(ReleaseQueries.Change(ServiceQueries.Cost), "cost")).Colored(Threshold.Rising(0.1, 0.25)),
        Panel.TimeSeries(
            "Cost per hour", Unit.UsDollars,
            "Releases are marked: a step at a mark is the cost of that release.",
            new Target(ServiceQueries.Cost, "cost")).Wide(12),
        Panel.TimeSeries("Cost of 1000 requests", Unit.UsDollars, "Rises when a change makes requests more expensive, and when there are few requests.",
            new Target($"1000 * sum({ServiceQueries.Cost}) / (sum({Requests}) * 3600 > 0)", "1000 requests")).Wide(12),
    ]);

    private static Row Serving() => new("Requests",
    [
        Panel.TimeSeries("Rate", Unit.RequestsPerSecond, "Requests per second.", new Target(Requests, "requests")),
        Panel.TimeSeries("Errors", Unit.Share, "Share of requests that failed, over windows of 5 minutes and an hour.",
            new Target(Errors, "5 minutes"),
            new Target($"max by (service) (service:errors:ratio_rate1h{{{ServiceQueries.Service}}})", "1 hour"),
            new Target($"1 - max by (service) (service:objective{{{ServiceQueries.Service}}})", "allowed")),
        Panel.TimeSeries("Latency", Unit.Seconds, "95th percentile of a site, average of a chain front.", new Target(Latency, "latency")),
        Panel.TimeSeries(
            "Error budget burn rate", Unit.Count,
            "How many times faster than allowed errors occur. Alerts fire above 14.4 (1 hour and 5 minutes), 6 (6 hours and 30 minutes), 3 and 1.",
            [.. BurnWindows.Select(window => new Target(
                $"max by (service) (service:errors:ratio_rate{window}{{{ServiceQueries.Service}}}) / (1 - max by (service) (service:objective{{{ServiceQueries.Service}}}))", window))]).Wide(24),
    ]);

    private static Row Saturation() => new("Saturation",
    [
        Panel.TimeSeries("CPU usage of limit", Unit.Share, "At 1 the pod is throttled: latency rises before requests fail.",
            new Target($"{UsedCpu()} / {LimitOf("cpu")}", "{{pod}}")).Colored(Threshold.Rising(0.8, 0.95)),
        Panel.TimeSeries("Memory usage of limit", Unit.Share, "At 1 the kernel kills the container.",
            new Target($"{UsedMemory()} / {LimitOf("memory")}", "{{pod}}")).Colored(Threshold.Rising(0.8, 0.9)),
        Panel.TimeSeries("CPU throttling", Unit.Share, "Share of the scheduling periods in which a container was throttled at its CPU limit.",
            new Target($"sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{{{ServiceQueries.Pods},container!=\"\"}}[$__rate_interval]))"
                + $" / sum by (pod) (rate(container_cpu_cfs_periods_total{{{ServiceQueries.Pods},container!=\"\"}}[$__rate_interval]))", "{{pod}}")),
        Panel.TimeSeries("Restarts", Unit.Count, "Container restarts in the last hour.",
            new Target(
                $"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{ServiceQueries.Pods}}}[1h]))",
                "{{pod}}")).Colored(Threshold.BadFrom(3)),
        Panel.TimeSeries("Ready replicas by zone", Unit.Count, "A zone without a ready replica cannot take over when another zone is lost.",
            new Target(
                $"sum by (zone) (max by (pod) (kube_pod_status_ready{{{ServiceQueries.Pods},condition=\"true\"}}) * on (pod) group_left (zone) max by (pod, zone) ({ZoneQueries.ZoneOfPods(ServiceQueries.Pods)}))",
                "{{zone}}")),
        Panel.TimeSeries("Autoscaler", Unit.Count, "Desired replicas and the maximum: at the maximum the autoscaler cannot add more.",
            new Target("""kube_horizontalpodautoscaler_status_desired_replicas{namespace="$namespace"}""", "{{horizontalpodautoscaler}} wanted"),
            new Target("""kube_horizontalpodautoscaler_spec_max_replicas{namespace="$namespace"}""", "{{horizontalpodautoscaler}} most")),
    ]);

    private static Row Resources() => new("Resources",
    [
        Panel.TimeSeries("CPU", Unit.Cores, "Used and requested. Requested CPU is paid for, used or not.",
            new Target($"sum({UsedCpu()})", "used"), new Target($"sum({RequestOf("cpu")})", "requested"), new Target($"sum({LimitOf("cpu")})", "limit")),
        Panel.TimeSeries("Memory", Unit.Bytes, "Used and requested.",
            new Target($"sum({UsedMemory()})", "used"), new Target($"sum({RequestOf("memory")})", "requested"), new Target($"sum({LimitOf("memory")})", "limit")),
        Panel.TimeSeries("Network", Unit.BytesPerSecond, "Received and sent by its pods. Traffic between zones is paid for.",
            new Target($"sum(rate(container_network_receive_bytes_total{{{ServiceQueries.Pods}}}[$__rate_interval]))", "received"),
            new Target($"sum(rate(container_network_transmit_bytes_total{{{ServiceQueries.Pods}}}[$__rate_interval]))", "sent")),
    ]);

    private static Variable Following(string name, ImmutableArray<ServiceGroup> services, Func<ServiceGroup, string> property) => new()
    {
        Name = name,
        Label = name,
        Query = ServiceQueries.PropertyOf(services, name, property),
        Pattern = ServiceQueries.PatternOf(name),
        IsHidden = true,
    };

    private static Panel Compared(string title, Unit unit, string expression) =>
        Panel.Stat(title, unit, "Averages over the hour before and the hour after the last release.",
            new Target(ReleaseQueries.AverageBefore(expression), "before"), new Target(ReleaseQueries.AverageAfter(expression), "after"));

    private static string UsedCpu() => $"sum by (pod) (rate(container_cpu_usage_seconds_total{{{ServiceQueries.Pods},container!=\"\",image!=\"\"}}[$__rate_interval]))";

    private static string UsedMemory() => $"sum by (pod) (container_memory_working_set_bytes{{{ServiceQueries.Pods},container!=\"\",image!=\"\"}})";

    private static string RequestOf(string resource) => $"sum by (pod) (kube_pod_container_resource_requests{{{ServiceQueries.Pods},resource=\"{resource}\"}})";

    private static string LimitOf(string resource) => $"sum by (pod) (kube_pod_container_resource_limits{{{ServiceQueries.Pods},resource=\"{resource}\"}})";
}
