using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>
/// A channel and the webhook that leads to it. A webhook of a current Slack app belongs to one channel and ignores any other that a message
/// names (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/), so every channel has a file of its own; the name of the
/// channel is also sent for legacy webhooks, which use it.
/// </summary>
/// <param name="TellsResolved">Whether it also sends a message when an alert is resolved.</param>
public sealed record SlackTarget(SlackChannel Channel, bool TellsResolved)
{
    /// <summary>Folder of the files with webhooks, one per channel.</summary>
    public const string Folder = "/etc/alertmanager/secrets/slack";

    public Dictionary<string, object> Values() => new()
    {
        ["api_url_file"] = $"{Folder}/{Channel.Key}",
        ["channel"] = Channel.Name,
        ["send_resolved"] = TellsResolved,
        ["color"] = SlackTemplate.Use("color"),
        ["pretext"] = SlackTemplate.Use("pretext"),
        ["title"] = SlackTemplate.Use("title"),
        ["title_link"] = SlackTemplate.Use("link"),
        ["text"] = SlackTemplate.Use("text"),
        ["fallback"] = SlackTemplate.Use("title"),
        ["footer"] = SlackTemplate.Use("footer"),
        ["mrkdwn_in"] = new[] { "pretext", "text" },
        ["actions"] = new[] { Button("runbook"), Button("dashboard"), Button("graph"), Button("silence") },
    };

    private static Dictionary<string, object> Button(string name) => new()
    {
        ["type"] = "button",
        ["text"] = SlackTemplate.Use($"{name}.text"),
        ["url"] = SlackTemplate.Use($"{name}.url"),
    };
}
