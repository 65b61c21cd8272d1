using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Monitoring;

/// <summary>Programs of the cluster through the API server's proxy: no port-forward is needed.</summary>
public static class MonitoringWire
{
    public static MonitoringServices Over(IKubernetesApi api) => new(new PrometheusWire(api), new AlertmanagerWire(api), new SentinelWire(api));
}

/// <summary>Finds the ready pods of a program and asks the first that answers.</summary>
/// <param name="program">For messages.</param>
/// <param name="selector">Labels that prometheus-operator puts on its pods.</param>
internal sealed class MonitoredPods(IKubernetesApi api, string program, string selector, string port)
{
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        HaClusterException? last = null;
        foreach (var target in await TargetsAsync(cancellationToken))
        {
            try
            {
                return Parse(await api.ProxyAsync(target, method, path, body, cancellationToken), target, method, path);
            }
            catch (HaClusterException exception) when (exception.IsTransient || exception.Kind == FailureKind.NotFound)
            {
                last = exception;
            }
        }

        throw last!;
    }

    public async Task<IReadOnlyList<ProxyTarget>> TargetsAsync(CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync(Kinds.Pods, new ListScope(LabelSelector: selector), cancellationToken);
        var ready = pods.Items.Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Status?.Conditions?.Any(one => one is { Type: "Ready", Status: "True" }) == true).ToList();
        if (ready.Count == 0)
        {
            throw new HaClusterException(
                FailureKind.MonitoringMissing, "list pods", program,
                pods.Items.Count == 0 ? $"no pod has the labels {selector}" : $"none of its {pods.Items.Count} pods is ready: {string.Join(", ", pods.Items.Select(pod => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}"))}",
                pods.Items.Count == 0 ? "Monitoring is switched off, or not installed yet" : "Check these pods first");
        }

        return [.. ready.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(pod => ProxyTarget.Pod(pod.Metadata.NamespaceProperty, pod.Metadata.Name, port))];
    }

    public JsonElement Parse(ProxyAnswer answer, ProxyTarget target, HttpMethod method, string path)
    {
        if (!answer.IsSuccess)
        {
            throw new HaClusterException(
                answer.Status >= 500 ? FailureKind.ServerFailed : answer.Status == 404 ? FailureKind.NotFound : FailureKind.Rejected, $"{method} {path.Split('?')[0]}", $"{program} at {target}",
                $"HTTP {answer.Status}: {Shortened(answer.Body)}", "Check the logs of the pod")
            { Status = answer.Status };
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body.Length == 0 ? "{}" : answer.Body);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new HaClusterException(
                FailureKind.NotUnderstood, $"{method} {path.Split('?')[0]}", $"{program} at {target}", "the response is not JSON", $"Check that port {target.Port} of the pod is {program}", exception);
        }
    }

    private static string Shortened(string text) => text.Trim() is { Length: > 300 } longer ? longer[..300] + "..." : text.Trim();
}

/// <summary>Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/).</summary>
internal sealed class PrometheusWire(IKubernetesApi api) : IPrometheus
{
    private readonly MonitoredPods _pods = new(api, "Prometheus", "app.kubernetes.io/name=prometheus", "9090");

    public async Task<ImmutableArray<Sample>> QueryAsync(string query, CancellationToken cancellationToken)
    {
        var json = await _pods.AskAsync(HttpMethod.Get, $"/api/v1/query?query={Uri.EscapeDataString(query)}", null, cancellationToken);
        var data = json.Object("data");
        return data.Str("resultType") switch
        {
            "vector" => [.. data.Items("result").Select(item => SampleOf(item.StringMap("metric"), item.Object("value")))],
            "scalar" => [SampleOf(ImmutableSortedDictionary<string, string>.Empty, data.Object("result"))],
            var other => throw new HaClusterException(
                FailureKind.InvalidInput, "GET /api/v1/query", query, $"its result is {(other.Length > 0 ? $"of type {other}" : "missing")}", "Ask for an instant vector or a scalar"),
        };
    }

    public async Task<ImmutableArray<AlertStatus>> ListAlertsAsync(CancellationToken cancellationToken)
    {
        var json = await _pods.AskAsync(HttpMethod.Get, "/api/v1/alerts", null, cancellationToken);
        return [.. json.Object("data").Items("alerts").Select(alert => Alerts.Of(alert, alert.Str("state"), "activeAt", []))];
    }

    private static Sample SampleOf(ImmutableSortedDictionary<string, string> labels, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.Number && value[1].ValueKind == JsonValueKind.String && Number(value[1].GetString()!) is { } number
            ? new(labels, DateTimeOffset.UnixEpoch.AddSeconds(value[0].GetDouble()), number)
            : throw new HaClusterException(FailureKind.NotUnderstood, "GET /api/v1/query", "Prometheus", "a sample is not a time and a number", "Check that port 9090 of the pod is Prometheus");

    private static double? Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };
}

/// <summary>Alertmanager (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml).</summary>
internal sealed class AlertmanagerWire(IKubernetesApi api) : IAlertmanager
{
    private readonly MonitoredPods _pods = new(api, "Alertmanager", "app.kubernetes.io/name=alertmanager", "9093");

    public async Task<ImmutableArray<AlertStatus>> ListAlertsAsync(CancellationToken cancellationToken)
    {
        var json = await _pods.AskAsync(HttpMethod.Get, "/api/v2/alerts", null, cancellationToken);
        return
        [
            .. Entries(json).Select(alert =>
            {
                var status = alert.Object("status");
                var silences = status.Strings("silencedBy");
                var state = silences.Length > 0 ? "silenced" : status.Items("inhibitedBy").Any() ? "inhibited" : "firing";
                return Alerts.Of(alert, state, "startsAt", silences);
            }),
        ];
    }

    public async Task<ImmutableArray<AlertSilence>> ListSilencesAsync(CancellationToken cancellationToken)
    {
        var json = await _pods.AskAsync(HttpMethod.Get, "/api/v2/silences", null, cancellationToken);
        return [.. Entries(json).Select(SilenceOf)];
    }

    public async Task<string> SilenceAsync(SilenceRequest request, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["matchers"] = new JsonArray([.. request.Matchers.Select(matcher => (JsonNode)new JsonObject
            {
                ["name"] = matcher.Name, ["value"] = matcher.Value, ["isRegex"] = matcher.IsRegex, ["isEqual"] = matcher.IsEqual,
            })]),
            ["startsAt"] = Rfc3339(request.StartsAt),
            ["endsAt"] = Rfc3339(request.EndsAt),
            ["createdBy"] = request.CreatedBy,
            ["comment"] = request.Comment,
        };
        // Alertmanagers share their silences: one is enough.
        return (await _pods.AskAsync(HttpMethod.Post, "/api/v2/silences", body, cancellationToken)).Str("silenceID");
    }

    public async Task<bool> RemoveSilenceAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _pods.AskAsync(HttpMethod.Delete, $"/api/v2/silence/{Uri.EscapeDataString(id)}", null, cancellationToken);
            return true;
        }
        // Alertmanager 0.25 answers 500 for a silence that it does not have.
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound
            || exception.Problem.Contains("already expired", StringComparison.Ordinal) || exception.Problem.Contains("silence not found", StringComparison.Ordinal))
        {
            return false;
        }
    }

    public async Task SendAsync(TestAlert alert, CancellationToken cancellationToken)
    {
        var body = new JsonArray(new JsonObject
        {
            ["labels"] = Map(alert.Labels),
            ["annotations"] = Map(alert.Annotations),
            ["startsAt"] = Rfc3339(alert.StartsAt),
            ["endsAt"] = Rfc3339(alert.EndsAt),
        });
        // Each Alertmanager must get every alert: they share notifications and silences only
        // (https://prometheus.io/docs/alerting/latest/high_availability/).
        var (sent, last) = (0, (HaClusterException?)null);
        foreach (var target in await _pods.TargetsAsync(cancellationToken))
        {
            try
            {
                _pods.Parse(await api.ProxyAsync(target, HttpMethod.Post, "/api/v2/alerts", body, cancellationToken), target, HttpMethod.Post, "/api/v2/alerts");
                sent++;
            }
            catch (HaClusterException exception)
            {
                last = exception;
            }
        }

        if (sent == 0)
            throw last!;
    }

    private static ImmutableArray<JsonElement> Entries(JsonElement json) => json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [];

    private static AlertSilence SilenceOf(JsonElement json) => new(
        json.Str("id"),
        [
            .. json.Items("matchers").Select(matcher => new SilenceMatcher(
                matcher.Str("name"), matcher.Str("value"), matcher.Bool("isRegex"), matcher.Object("isEqual").ValueKind != JsonValueKind.False).ToString()),
        ],
        json.Object("status").Str("state"),
        json.Time("startsAt"),
        json.Time("endsAt"),
        json.Str("createdBy"),
        json.Str("comment"));

    private static JsonObject Map(ImmutableSortedDictionary<string, string> texts) => new(texts.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

/// <summary>Reads an alert of Prometheus or Alertmanager.</summary>
internal static class Alerts
{
    public static AlertStatus Of(JsonElement json, string state, string startedAt, IReadOnlyList<string> silencedBy)
    {
        var (labels, annotations) = (json.StringMap("labels"), json.StringMap("annotations"));
        return new AlertStatus(
            labels.GetValueOrDefault("alertname") ?? "",
            labels.GetValueOrDefault("severity") ?? "",
            state,
            annotations.GetValueOrDefault("summary") ?? annotations.GetValueOrDefault("description") ?? "",
            json.Time(startedAt),
            labels,
            annotations.GetValueOrDefault("runbook_url") ?? "",
            silencedBy);
    }
}

/// <summary>Sentinels (infra/Stack/Chains/SENTINEL.md).</summary>
internal sealed class SentinelWire(IKubernetesApi api) : ISentinels
{
    private const string Port = "9800";

    public async Task<SentinelAnswer?> FindAsync(string @namespace, string pod, CancellationToken cancellationToken)
    {
        var target = ProxyTarget.Pod(@namespace, pod, Port);
        try
        {
            // 503 is an answer too: not ready, with its reason.
            var answer = await api.ProxyAsync(target, HttpMethod.Get, "/ready", null, cancellationToken);
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.Str("reason").Length > 0 ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (HaClusterException exception) when (exception.IsTransient || exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    private static SentinelAnswer Read(JsonElement json)
    {
        var (head, reference) = (json.Object("head"), json.Object("reference"));
        return new SentinelAnswer(
            json.Bool("ok"), json.Str("reason"), json.Str("detail"), json.Str("pod"), json.Str("chain"), json.Str("network"), json.Str("client"), TimeOf(json, "observed"),
            json.Bool("syncing"), json.Bool("failOpen"),
            head.ValueKind == JsonValueKind.Object ? new SentinelHead(Long(head, "height") ?? 0, head.Str("hash"), head.Time("time")) : null,
            Long(json, "finalized"), Long(reference, "height"), reference.Str("pod") is { Length: > 0 } pod ? pod : null, (int?)Long(json, "peers"));
    }

    private static long? Long(JsonElement json, string name) => json.Object(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static DateTimeOffset? TimeOf(JsonElement json, string name) => json.Str(name).Length > 0 ? json.Time(name) : null;
}
