using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World;

/// <summary>
/// What answers behind the API server's proxy in place of programs of the cluster: Prometheus, Alertmanager and the sentinels of chain nodes. They are
/// stand-ins of the twin, not these programs: they speak the part of their APIs that the operation of a cluster uses, and know what the world knows.
/// </summary>
internal sealed partial class StandIns(World world, ProxyTable proxies)
{
    private const string NameLabel = "app.kubernetes.io/name", Note = "answered by a stand-in of the local twin";

    /// <summary>A sentinel is a native sidecar: an init container that keeps running.</summary>
    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    private readonly AlertBook _alerts = new(world);

    /// <summary>Answers for the pods that exist, and for those to come.</summary>
    public void Begin()
    {
        world.PodShown += Add;
        foreach (var pod in world.Store.List(world.Store.Kinds["pods"]).Items)
            Add(pod);
    }

    private void Add(StoredObject pod)
    {
        switch (pod.Labels.GetValueOrDefault(NameLabel))
        {
            case "prometheus":
                Answer(pod, "9090", PrometheusAsync);
                break;
            case "alertmanager":
                Answer(pod, "9093", _alerts.HandleAsync);
                break;
            default:
                if (IsChain(pod))
                    Answer(pod, "9800", context => SentinelAsync(context, pod));
                break;
        }
    }

    private void Answer(StoredObject pod, string port, RequestDelegate handler) => proxies.AddPod(pod.Namespace!, pod.Name, port, async context =>
    {
        context.Response.Headers["X-Answered-By"] = Note;
        // A program on a dead node, or one that has not started, does not answer.
        if (!IsReady(pod) && port != "9800" || world.Store.Find(pod.Kind, pod.Namespace, pod.Name) is not { } now || world.Act(run => run.LossOf(now.Text("spec", "nodeName") ?? "")) is not null)
        {
            await WriteAsync(context, 503, Json.Map(
                ("kind", "Status"), ("apiVersion", "v1"), ("status", "Failure"), ("reason", "ServiceUnavailable"), ("code", 503), ("message", $"error trying to reach pod \"{pod.Name}\": connection refused")));
            return;
        }

        await handler(context);
    });

    private bool IsReady(StoredObject pod) => world.Act(run => run.FindPod($"{pod.Namespace}/{pod.Name}")) is { IsReady: true };

    /// <summary>https://prometheus.io/docs/prometheus/latest/querying/api/</summary>
    private async Task PrometheusAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/api/v1/alerts":
                await WriteAsync(context, 200, Json.Map(("status", "success"), ("data", Json.Map(("alerts", Json.List(_alerts.OfRules().Select(alert => Json.Map(
                    ("labels", alert.Labels.DeepClone()), ("annotations", alert.Annotations.DeepClone()), ("state", "firing"), ("activeAt", AlertBook.Rfc3339(alert.StartsAt)), ("value", "1")))))))));
                break;
            case "/api/v1/query":
                var query = context.Request.Query["query"].ToString();
                await WriteAsync(context, 200, Json.Map(
                    ("status", "success"), ("data", Json.Map(("resultType", "vector"), ("result", Json.List(Evaluate(query))))),
                    ("warnings", new JsonArray($"{Note}: it knows the metric up, by namespace and pod; every other query has an empty result"))));
                break;
            default:
                await WriteAsync(context, 404, Json.Map(("status", "error"), ("errorType", "not_found"), ("error", Note)));
                break;
        }
    }

    /// <summary><c>up</c>, with equality matchers of namespace and pod: 1 for each pod that answers.</summary>
    private IEnumerable<JsonNode?> Evaluate(string query)
    {
        var match = Up().Match(query);
        if (!match.Success)
            yield break;
        var wanted = Matcher().Matches(match.Groups["matchers"].Value).ToDictionary(one => one.Groups["name"].Value, one => one.Groups["value"].Value, StringComparer.Ordinal);
        var at = world.Clock.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        foreach (var pod in world.Store.List(world.Store.Kinds["pods"]).Items)
        {
            if (wanted.GetValueOrDefault("namespace", pod.Namespace!) != pod.Namespace || wanted.GetValueOrDefault("pod", pod.Name) != pod.Name)
                continue;
            yield return Json.Map(
                ("metric", Json.Map(("__name__", "up"), ("namespace", pod.Namespace), ("pod", pod.Name))), ("value", new JsonArray(at, IsReady(pod) ? "1" : "0")));
        }
    }

    private static bool IsChain(StoredObject pod) => ContainerLists.Any(list =>
        pod.Find("spec", list) is { ValueKind: JsonValueKind.Array } containers
        && containers.EnumerateArray().Any(container => container.TryGetProperty("name", out var name) && name.GetString() == "sentinel"));

    /// <summary>The answer of infra/Stack/Chains/SENTINEL.md. Blocks come in virtual time.</summary>
    private async Task SentinelAsync(HttpContext context, StoredObject pod)
    {
        if (context.Request.Path != "/ready")
        {
            await WriteAsync(context, 404, Json.Map(("error", Note)));
            return;
        }

        var isReady = IsReady(pod);
        var isBitcoin = pod.Name.StartsWith("bitcoin", StringComparison.Ordinal);
        var time = world.Act(run => run.Now);
        var height = (isBitcoin ? 900_000 : 23_000_000) + (long)(time.TotalSeconds / (isBitcoin ? 600 : 12));
        var now = AlertBook.Rfc3339(world.Clock.Time.GetUtcNow());
        JsonObject Block(long number) => Json.Map(("height", number), ("hash", Ids.Hex($"{(isBitcoin ? "btc" : "eth")}/{number}", 64)));
        var head = Block(height);
        head["time"] = now;
        await WriteAsync(context, isReady ? 200 : 503, Json.Map(
            ("ok", isReady), ("reason", isReady ? "ok" : "starting"), ("detail", isReady ? $"block {height.ToString("N0", CultureInfo.InvariantCulture)}; {Note}" : $"the pod is not ready; {Note}"),
            ("pod", pod.Name), ("chain", isBitcoin ? "bitcoin" : "ethereum"), ("network", "mainnet"), ("client", isBitcoin ? "btcd" : "geth"), ("version", "twin"), ("observed", now),
            ("syncing", false), ("failOpen", false), ("head", head), ("recent", Json.List(Enumerable.Range(0, 8).Select(back => Block(height - back)))),
            ("finalized", isBitcoin ? null : height - 64), ("reference", Json.Map(("height", height), ("pod", pod.Name))), ("peers", 8)));
    }

    internal static async Task WriteAsync(HttpContext context, int status, JsonNode content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(content.ToJsonString(), context.RequestAborted);
    }

    [GeneratedRegex(@"^\s*up\s*(\{(?<matchers>[^}]*)\})?\s*\z")]
    private static partial Regex Up();

    [GeneratedRegex("(?<name>\\w+)\\s*=\\s*\"(?<value>[^\"]*)\"")]
    private static partial Regex Matcher();
}
