using Pulumi;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>An SNS topic: mails and other subscriptions.</summary>
/// <param name="Arn">Which.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="TellsResolved">Whether it also sends a message when an alert is resolved.</param>
public sealed record TopicTarget(Input<string> Arn, string Region, bool TellsResolved)
{
    public Dictionary<string, object> Values() => new()
    {
        ["topic_arn"] = Arn,
        // No credentials: the library finds those of the pod's identity by itself.
        ["sigv4"] = new Dictionary<string, object> { ["region"] = Region },
        ["send_resolved"] = TellsResolved,
        ["subject"] = SlackTemplate.Use("subject"),
        ["message"] = SlackTemplate.Use("mail"),
    };
}
