using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>
/// What answers behind the API server's proxy in place of programs of the cluster: Prometheus, Alertmanager, the sentinels of chain nodes and the finance log. They are
/// stand-ins of the twin, not these programs: they speak the part of their APIs that the operation of a cluster uses, and know what the world knows.
/// </summary>
internal sealed class StandIns
{
    private const string NameLabel = "app.kubernetes.io/name", Note = "answered by a stand-in of the local twin";

    /// <summary>A sentinel is a native sidecar: an init container that keeps running.</summary>
    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    private readonly World _world;
    private readonly ProxyTable _proxies;
    private readonly Prometheus _prometheus;
    private readonly Alertmanager _alertmanager;

    public StandIns(World world, ProxyTable proxies)
    {
        (_world, _proxies) = (world, proxies);
        var alerts = new RuleAlerts(world, new RuleBook(world.Store));
        (_prometheus, _alertmanager) = (new Prometheus(world, alerts), new Alertmanager(world, alerts));
    }

    /// <summary>Answers for the pods that exist, and for those to come.</summary>
    public void Begin()
    {
        _world.PodShown += Add;
        foreach (var pod in _world.Store.List(_world.Store.Kinds["pods"]).Items)
            Add(pod);
    }

    private void Add(StoredObject pod)
    {
        switch (pod.Labels.GetValueOrDefault(NameLabel))
        {
            case "prometheus":
                Answer(pod, "9090", _prometheus.HandleAsync);
                break;
            case "alertmanager":
                Answer(pod, "9093", _alertmanager.HandleAsync);
                break;
            default:
                if (HasContainer(pod, "sentinel"))
                    Answer(pod, "9800", context => SentinelAsync(context, pod));
                else if (HasContainer(pod, "ledger") && pod.Find("spec", "containers") is { ValueKind: JsonValueKind.Array } containers && LedgerStandIn.PortOf(containers) is { } port)
                    Answer(pod, port, context => LedgerStandIn.HandleAsync(context, _world));
                break;
        }
    }

    private void Answer(StoredObject pod, string port, RequestDelegate handler) => _proxies.AddPod(pod.Namespace!, pod.Name, port, async context =>
    {
        context.Response.Headers["X-Answered-By"] = Note;
        // A program on a dead node, or one that has not started, does not answer.
        if (!IsReady(pod) && port != "9800" || _world.Store.Find(pod.Kind, pod.Namespace, pod.Name) is not { } now || _world.Act(run => run.LossOf(now.Text("spec", "nodeName") ?? "")) is not null)
        {
            await WriteAsync(context, 503, Json.Map(
                ("kind", "Status"), ("apiVersion", "v1"), ("status", "Failure"), ("reason", "ServiceUnavailable"), ("code", 503), ("message", $"error trying to reach pod \"{pod.Name}\": connection refused")));
            return;
        }

        await handler(context);
    });

    private bool IsReady(StoredObject pod) => _world.Act(run => run.FindPod($"{pod.Namespace}/{pod.Name}")) is { IsReady: true };

    private static bool HasContainer(StoredObject pod, string wanted) => ContainerLists.Any(list =>
        pod.Find("spec", list) is { ValueKind: JsonValueKind.Array } containers
        && containers.EnumerateArray().Any(container => container.TryGetProperty("name", out var name) && name.GetString() == wanted));

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
        var time = _world.Act(run => run.Now);
        var height = (isBitcoin ? 900_000 : 23_000_000) + (long)(time.TotalSeconds / (isBitcoin ? 600 : 12));
        var now = Alertmanager.Rfc3339(_world.Clock.Time.GetUtcNow());
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
}
