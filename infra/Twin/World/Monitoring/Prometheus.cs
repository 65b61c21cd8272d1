using System.Text.Json.Nodes;
using HaCluster.Simulation.Running.Status;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>
/// The stand-in for Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/): instant queries of the metrics that the operation of a cluster
/// asks for, from the state of the world now, and the alerts of rules. It stores nothing, so that there are no ranges.
/// </summary>
internal sealed class Prometheus(World world, RuleAlerts alerts)
{
    /// <summary>Pods with images of these tags answer half of their requests with errors, or slowly: so an update that is rolled back for that can be tried.</summary>
    private const string FailingTag = ":failing-requests", SlowTag = ":slow-requests";

    /// <summary>Latency with all replicas, and of slow pods, in seconds: assumed.</summary>
    private const double UsualLatency = 0.05, SlowLatency = 5;

    private static readonly string[] ReadyStates = ["true", "unknown"];

    public async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/api/v1/alerts":
                await AnswerAsync(context, Json.Map(("alerts", Json.List(alerts.Now().Select(Describe)))));
                break;
            case "/api/v1/query":
                await QueryAsync(context, await QueryOfAsync(context.Request));
                break;
            default:
                await RefuseAsync(context, 404, "not_found", $"the stand-in of the local twin has /api/v1/query and /api/v1/alerts, not {context.Request.Path}");
                break;
        }
    }

    private async Task QueryAsync(HttpContext context, string text)
    {
        if (MetricQuery.Parse(text) is not { } query)
        {
            await RefuseAsync(context, 400, "bad_data", $"the stand-in of the local twin understands a selector, or max, min, sum, avg or count of one, not: {text}");
            return;
        }

        var at = world.Clock.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        var samples = query.Evaluate(Of(query.Metric) ?? []).Select(sample => Json.Map(
            ("metric", Json.Map(sample.Labels)), ("value", new JsonArray(at, MetricQuery.Text(sample.Value)))));
        await AnswerAsync(
            context, Json.Map(("resultType", "vector"), ("result", Json.List(samples))),
            Of(query.Metric) is null ? $"the stand-in of the local twin does not have the metric {query.Metric}" : null);
    }

    /// <summary>Null for a metric that is not known here.</summary>
    private IEnumerable<MetricSample>? Of(string metric) => metric switch
    {
        "up" => Up(),
        "ALERTS" => alerts.Now().Select(alert => Sample(
            metric, 1, [.. alert.Labels.Select(label => (label.Key, (string?)label.Value ?? "")), ("alertstate", alert.IsFiring ? "firing" : "pending")])),
        "service:objective" => Services(metric, (service, _) => service.Objective),
        "service:errors:ratio_rate5m" => Services(metric, (_, pods) => Errors(pods)),
        "service:latency_seconds" => Services(metric, (_, pods) => Latency(pods)),
        "kube_node_status_condition" => world.Act(run => run.State.Nodes.Select(node => node.Node.Name).SelectMany(name => ReadyStates.Select(status => Sample(
            metric, (run.LossOf(name) is { IsMarked: true }) == (status == "unknown") ? 1 : 0, ("node", name), ("condition", "Ready"), ("status", status)))).ToList()),
        "kube_deployment_spec_replicas" => Deployments(metric, (workload, _) => workload.Replicas),
        "kube_deployment_status_replicas_available" => Deployments(metric, (_, pods) => pods.Count(pod => pod.IsAvailable)),
        _ => null,
    };

    private List<MetricSample> Up() => world.Act(run => world.Records.All.SelectMany(record => run.PodsOf(record.Workload).Where(pod => pod.Node is not null).Select(pod => Sample(
        "up", pod.IsReady && run.LossOf(pod.Node!) is null ? 1 : 0, ("namespace", pod.Pod.Namespace), ("pod", pod.Pod.Name)))).ToList());

    private List<MetricSample> Deployments(string metric, Func<Simulation.Model.Workload, List<PodStatus>, double> value) => world.Act(run => world.Records.All
        .Where(record => record is { IsDeleted: false, Workload.ObjectKind: "Deployment" })
        .Select(record => Sample(metric, value(record.Workload, [.. run.PodsOf(record.Workload)]), ("namespace", record.Workload.Namespace), ("deployment", record.Workload.Name))).ToList());

    /// <summary>Of the services that the rules measure; without a value when there is none.</summary>
    private List<MetricSample> Services(string metric, Func<MeasuredService, ServingPods, double?> value) => world.Act(_ =>
    {
        alerts.Rules.Load();
        return alerts.Rules.Services.Select(service => (Service: service, Value: value(service, PodsOf(service)))).Where(one => one.Value is not null)
            .Select(one => Sample(
                metric, one.Value!.Value,
                [("namespace", one.Service.Namespace), ("service", one.Service.Name), .. metric == "service:objective" ? [("workload", one.Service.Workload)] : Array.Empty<(string, string)>()])).ToList();
    });

    private ServingPods PodsOf(MeasuredService service)
    {
        var meant = world.Records.All.Where(record =>
            record is { IsDeleted: false, Workload.ObjectKind: "Deployment" } && record.Workload.Namespace == service.Namespace && record.Workload.Name == service.Workload).ToList();
        var pods = meant.SelectMany(record => world.Run.PodsOf(record.Workload).Where(pod => pod is { IsReady: true, IsTerminating: false }).Select(pod => (pod.IsServing, Tag: TagOf(record, pod)))).ToList();
        return new ServingPods(meant.Sum(record => record.Workload.Replicas), [.. pods]);
    }

    /// <summary>Requests go to all pods that are listed, in equal parts; those on a node that just died do not answer.</summary>
    private static double? Errors(ServingPods pods) => pods.Wanted == 0 ? null : pods.Listed.Count == 0 ? 1
        : pods.Listed.Average(pod => !pod.IsServing ? 1 : pod.Tag == FailingTag ? 0.5 : 0);

    /// <summary>Fewer replicas have more to do.</summary>
    private static double? Latency(ServingPods pods)
    {
        var serving = pods.Listed.Where(pod => pod.IsServing).ToList();
        return serving.Count == 0 ? null : serving.Exists(pod => pod.Tag == SlowTag) ? SlowLatency : UsualLatency * Math.Max(1, (double)pods.Wanted / serving.Count);
    }

    private static string TagOf(WorkloadRecord record, PodStatus pod) => (record.Templates.GetValueOrDefault(pod.Revision)?["spec"]?["containers"] as JsonArray ?? [])
        .Select(container => (string?)container?["image"] ?? "").Select(image => image.EndsWith(FailingTag, StringComparison.Ordinal) ? FailingTag : image.EndsWith(SlowTag, StringComparison.Ordinal) ? SlowTag : "")
        .FirstOrDefault(tag => tag.Length > 0) ?? "";

    private static MetricSample Sample(string metric, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["__name__"] = metric };
        foreach (var (name, text) in labels)
            all[name] = text;
        return new MetricSample(all, value);
    }

    private static JsonObject Describe(RuleAlert alert) => Json.Map(
        ("labels", alert.Labels.DeepClone()), ("annotations", alert.Annotations.DeepClone()), ("state", alert.IsFiring ? "firing" : "pending"),
        ("activeAt", Alertmanager.Rfc3339(alert.ActiveAt)), ("value", MetricQuery.Text(alert.Value)));

    private static async Task<string> QueryOfAsync(HttpRequest request) =>
        request.HasFormContentType ? (await request.ReadFormAsync())["query"].ToString() : request.Query["query"].ToString();

    private static Task AnswerAsync(HttpContext context, JsonObject data, string? warning = null) => StandIns.WriteAsync(
        context, 200, Json.Map(("status", "success"), ("data", data), ("warnings", warning is null ? null : new JsonArray(warning))));

    private static Task RefuseAsync(HttpContext context, int status, string type, string error) =>
        StandIns.WriteAsync(context, status, Json.Map(("status", "error"), ("errorType", type), ("error", error)));

    /// <param name="Wanted">Replicas that are declared.</param>
    /// <param name="Listed">Pods that requests are sent to.</param>
    private sealed record ServingPods(int Wanted, List<(bool IsServing, string Tag)> Listed);
}
