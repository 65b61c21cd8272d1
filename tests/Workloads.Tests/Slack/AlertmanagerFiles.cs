using System.Text.Json.Nodes;
using HaCluster.Engine.Graph;
using HaCluster.Workloads.Tests.Rendered;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>Alertmanager's configuration as the stack declares it, in a form that can be pointed at a receiver of the test.</summary>
internal sealed class AlertmanagerFiles
{
    private const string WebhookFolder = "/etc/alertmanager/secrets/slack/";
    private const string TemplateFolder = "/etc/alertmanager/config/";

    private AlertmanagerFiles(JsonObject config, IReadOnlyDictionary<string, string> templates, string externalUrl)
    {
        Config = config;
        Templates = templates;
        ExternalUrl = externalUrl;
    }

    public JsonObject Config { get; }

    public IReadOnlyDictionary<string, string> Templates { get; }

    public string ExternalUrl { get; }

    public IEnumerable<JsonObject> Receivers => Config["receivers"]!.AsArray().Select(receiver => receiver!.AsObject());

    public static async Task<AlertmanagerFiles> Of(string stack) => Of((await RenderedStack.Of(stack)).Graph);

    public static AlertmanagerFiles Of(ResourceGraph graph)
    {
        var release = graph.Resources.Single(resource =>
            resource.Type == "kubernetes:helm.sh/v3:Release" && resource.Inputs.TryGetValue("chart", out var chart) && PlainJson.Of(chart)!.ToString() == "kube-prometheus-stack");
        var alertmanager = PlainJson.Of(release.Inputs["values"])!["alertmanager"]!;
        return new AlertmanagerFiles(
            alertmanager["config"]!.AsObject(),
            alertmanager["templateFiles"]!.AsObject().ToDictionary(file => file.Key, file => file.Value!.ToString()),
            alertmanager["alertmanagerSpec"]!["externalUrl"]!.ToString());
    }

    /// <summary>Writes the files as the cluster has them, with the folders of the test.</summary>
    /// <returns>Path of the configuration.</returns>
    public string Write(Scratch scratch)
    {
        foreach (var (name, content) in Templates)
            scratch.Write(name, content);
        Config["templates"] = new JsonArray([.. Config["templates"]!.AsArray().Select(pattern =>
            (JsonNode)pattern!.ToString().Replace(TemplateFolder, scratch.Path + "/", StringComparison.Ordinal))]);
        foreach (var slack in Targets("slack_configs"))
            slack["api_url_file"] = slack["api_url_file"]!.ToString().Replace(WebhookFolder, $"{scratch.Path}/slack/", StringComparison.Ordinal);
        return scratch.Write("alertmanager.yaml", Config.ToJsonString());
    }

    /// <summary>Points all webhooks and topics at a receiver: <c>/slack/CHANNEL</c> and <c>/sns</c>.</summary>
    public void PointAt(Scratch scratch, string slackAddress, string topicAddress)
    {
        foreach (var slack in Targets("slack_configs"))
        {
            var key = slack["api_url_file"]!.ToString()[WebhookFolder.Length..];
            scratch.Write($"slack/{key}", $"{slackAddress}/slack/{key}\n");
        }

        foreach (var topic in Targets("sns_configs"))
        {
            topic["api_url"] = $"{topicAddress}/sns";
            topic["sigv4"]!["access_key"] = "test";
            topic["sigv4"]!["secret_key"] = "test";
            // What the account will have named it; a simulated run need not know.
            topic["topic_arn"] = $"arn:aws:sns:eu-central-1:123456789012:{TopicOf(topic)}";
        }
    }

    /// <summary>Shortens every wait, and nothing else: the tree of routes stays what it is.</summary>
    public void ShortenIntervals() => ShortenIntervals(Config["route"]!.AsObject());

    private static void ShortenIntervals(JsonObject route)
    {
        if (route.ContainsKey("group_wait"))
            route["group_wait"] = "500ms";
        if (route.ContainsKey("group_interval"))
            route["group_interval"] = "1s";
        foreach (var child in route["routes"]?.AsArray() ?? [])
            ShortenIntervals(child!.AsObject());
    }

    private string TopicOf(JsonObject topic) =>
        Receivers.Single(receiver => receiver["sns_configs"]?.AsArray().Contains(topic) == true)["name"]!.ToString() == "heartbeat" ? "heartbeat" : "critical";

    private IEnumerable<JsonObject> Targets(string kind) =>
        Receivers.SelectMany(receiver => receiver[kind]?.AsArray() ?? []).Select(target => target!.AsObject());
}
