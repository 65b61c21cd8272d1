using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Simulation.Running;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World;

/// <summary>
/// Alerts and silences of the stand-in for Alertmanager (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). All its pods share
/// them. Alerts of rules follow from the world: nodes that are not ready, and pods that wait; others are posted.
/// </summary>
internal sealed class AlertBook(World world)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Alert> _posted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);
    private readonly List<Silence> _silences = [];

    private DateTimeOffset Now => world.Clock.Time.GetUtcNow();

    public static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>What the rules of kube-prometheus-stack would say; without their waiting times.</summary>
    public IReadOnlyList<Alert> OfRules()
    {
        var (nodes, pods) = world.Act(run => (
            run.State.Nodes.Where(node => run.LossOf(node.Node.Name) is { IsMarked: true }).Select(node => node.Node.Name).ToList(),
            run.Pending.Where(pod => pod.Cause != WaitCause.Start).ToList()));
        var alerts = new List<Alert>();
        foreach (var node in nodes)
            alerts.Add(Rule("KubeNodeNotReady", "warning", $"Node {node} is not ready.", ("node", node)));
        foreach (var pod in pods)
        {
            var parts = pod.Pod.Split('/', 2);
            alerts.Add(Rule("KubePodNotReady", "warning", $"Pod {pod.Pod} is not ready: {pod.Reason}", ("namespace", parts[0]), ("pod", parts[^1])));
        }

        lock (_gate)
        {
            foreach (var gone in _since.Keys.Where(key => !alerts.Exists(alert => alert.Key == key)).ToList())
                _since.Remove(gone);
            foreach (var alert in alerts)
            {
                if (!_since.TryGetValue(alert.Key, out var since))
                    _since.Add(alert.Key, since = Now);
                alert.StartsAt = since;
            }
        }

        return alerts;
    }

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        switch (context.Request.Method, path)
        {
            case ("GET", "/api/v2/alerts"):
                await StandIns.WriteAsync(context, 200, Json.List(Alerts().Select(Describe)));
                break;
            case ("POST", "/api/v2/alerts"):
                Post((await BodyAsync(context)).AsArray());
                await StandIns.WriteAsync(context, 200, new JsonObject());
                break;
            case ("GET", "/api/v2/silences"):
                lock (_gate)
                    path = Json.List(_silences.Select(Describe)).ToJsonString();
                await StandIns.WriteAsync(context, 200, JsonNode.Parse(path)!);
                break;
            case ("POST", "/api/v2/silences"):
                await AddAsync(context, (await BodyAsync(context)).AsObject());
                break;
            case ("GET" or "DELETE", _) when path.StartsWith("/api/v2/silence/", StringComparison.Ordinal):
                await SilenceAsync(context, path["/api/v2/silence/".Length..]);
                break;
            default:
                await StandIns.WriteAsync(context, 404, JsonValue.Create($"path {path} was not found"));
                break;
        }
    }

    private List<Alert> Alerts()
    {
        var alerts = OfRules().ToList();
        lock (_gate)
            alerts.AddRange(_posted.Values.Where(alert => alert.EndsAt > Now));
        return alerts;
    }

    private void Post(JsonArray alerts)
    {
        lock (_gate)
        {
            foreach (var one in alerts.OfType<JsonObject>())
            {
                var alert = new Alert(one["labels"]?.DeepClone().AsObject() ?? [], one["annotations"]?.DeepClone().AsObject() ?? [])
                {
                    StartsAt = Time(one["startsAt"]) ?? Now,
                    EndsAt = Time(one["endsAt"]) ?? Now + TimeSpan.FromMinutes(5),
                };
                _posted[alert.Key] = alert;
            }
        }
    }

    private async Task AddAsync(HttpContext context, JsonObject body)
    {
        var (starts, ends) = (Time(body["startsAt"]) ?? Now, Time(body["endsAt"]));
        if (ends is not { } end || end <= starts || body["matchers"] is not JsonArray { Count: > 0 } matchers)
        {
            await StandIns.WriteAsync(context, 400, JsonValue.Create("a silence needs matchers, and an end after its start"));
            return;
        }

        string id;
        lock (_gate)
        {
            id = (string?)body["id"] is { Length: > 0 } given ? given : Ids.Uuid($"silence/{_silences.Count}");
            _silences.RemoveAll(silence => silence.Id == id);
            _silences.Add(new Silence(id, matchers.DeepClone().AsArray(), starts, (string?)body["createdBy"] ?? "", (string?)body["comment"] ?? "") { EndsAt = end });
        }

        await StandIns.WriteAsync(context, 200, Json.Map(("silenceID", id)));
    }

    private async Task SilenceAsync(HttpContext context, string id)
    {
        Silence? silence;
        bool isOver;
        lock (_gate)
        {
            silence = _silences.Find(one => one.Id == id);
            isOver = silence?.EndsAt <= Now;
            if (silence is not null && !isOver && context.Request.Method == "DELETE")
                silence.EndsAt = Now;
        }

        if (silence is null)
            await StandIns.WriteAsync(context, 404, JsonValue.Create($"silence {id} not found"));
        else if (context.Request.Method == "GET")
            await StandIns.WriteAsync(context, 200, Describe(silence));
        else if (isOver)
            await StandIns.WriteAsync(context, 500, JsonValue.Create($"silence {id} already expired"));
        else
            await StandIns.WriteAsync(context, 200, new JsonObject());
    }

    private JsonObject Describe(Alert alert)
    {
        List<string> silencedBy;
        lock (_gate)
            silencedBy = [.. _silences.Where(silence => silence.StartsAt <= Now && silence.EndsAt > Now && silence.Matches(alert.Labels)).Select(silence => silence.Id)];
        return Json.Map(
            ("labels", alert.Labels.DeepClone()), ("annotations", alert.Annotations.DeepClone()), ("startsAt", Rfc3339(alert.StartsAt)), ("endsAt", Rfc3339(alert.EndsAt ?? Now + TimeSpan.FromMinutes(5))),
            ("updatedAt", Rfc3339(Now)), ("generatorURL", ""), ("fingerprint", Ids.Hex(alert.Key, 16)), ("receivers", new JsonArray(Json.Map(("name", "slack")))),
            ("status", Json.Map(
                ("state", silencedBy.Count > 0 ? "suppressed" : "active"), ("silencedBy", Json.List(silencedBy.Select(id => (JsonNode?)JsonValue.Create(id)))), ("inhibitedBy", new JsonArray()), ("mutedBy", new JsonArray()))));
    }

    private JsonObject Describe(Silence silence) => Json.Map(
        ("id", silence.Id), ("matchers", silence.Matchers.DeepClone()), ("startsAt", Rfc3339(silence.StartsAt)), ("endsAt", Rfc3339(silence.EndsAt)), ("updatedAt", Rfc3339(silence.StartsAt)),
        ("createdBy", silence.CreatedBy), ("comment", silence.Comment), ("status", Json.Map(("state", silence.EndsAt <= Now ? "expired" : silence.StartsAt > Now ? "pending" : "active"))));

    private static Alert Rule(string name, string severity, string summary, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var all = Json.Map(("alertname", name), ("severity", severity));
        foreach (var (label, value) in labels)
            all[label] = value;
        return new Alert(all, Json.Map(("summary", summary)));
    }

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    private static async Task<JsonNode> BodyAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;

    /// <summary>An alert; equal labels are the same alert.</summary>
    internal sealed class Alert(JsonObject labels, JsonObject annotations)
    {
        public JsonObject Labels { get; } = labels;

        public JsonObject Annotations { get; } = annotations;

        public DateTimeOffset StartsAt { get; set; }

        /// <summary>Null while its rule fires.</summary>
        public DateTimeOffset? EndsAt { get; init; }

        public string Key { get; } = Json.Canonical(JsonSerializer.SerializeToElement(labels));
    }

    private sealed class Silence(string id, JsonArray matchers, DateTimeOffset startsAt, string createdBy, string comment)
    {
        public string Id { get; } = id;

        public JsonArray Matchers { get; } = matchers;

        public DateTimeOffset StartsAt { get; } = startsAt;

        public DateTimeOffset EndsAt { get; set; }

        public string CreatedBy { get; } = createdBy;

        public string Comment { get; } = comment;

        public bool Matches(JsonObject labels) => Matchers.OfType<JsonObject>().All(matcher =>
        {
            var (value, own) = ((string?)matcher["value"] ?? "", (string?)labels[(string?)matcher["name"] ?? ""] ?? "");
            var isMatch = (bool?)matcher["isRegex"] == true ? Regex.IsMatch(own, $"^(?:{value})$", RegexOptions.NonBacktracking) : own == value;
            return isMatch == ((bool?)matcher["isEqual"] ?? true);
        });
    }
}
