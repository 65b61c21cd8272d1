using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>
/// Alerts and silences of the stand-in for Alertmanager (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). All its pods share
/// them. Alerts of rules come from the stand-in for Prometheus when they fire; others are posted.
/// </summary>
internal sealed class Alertmanager(World world, RuleAlerts rules)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Alert> _posted = new(StringComparer.Ordinal);
    private readonly List<Silence> _silences = [];

    private DateTimeOffset Now => world.Clock.Time.GetUtcNow();

    public static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

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
        var alerts = rules.Now().Where(alert => alert.IsFiring).Select(alert => new Alert(alert.Labels, alert.Annotations) { StartsAt = alert.FiresAt }).ToList();
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

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    private static async Task<JsonNode> BodyAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;

    /// <summary>An alert; equal labels are the same alert.</summary>
    internal sealed class Alert(JsonObject labels, JsonObject annotations)
    {
        public JsonObject Labels { get; } = labels;

        public JsonObject Annotations { get; } = annotations;

        public DateTimeOffset StartsAt { get; init; }

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
            var isMatch = (bool?)matcher["isRegex"] == true ? MetricQuery.IsPattern(value, own) : own == value;
            return isMatch == ((bool?)matcher["isEqual"] ?? true);
        });
    }
}
