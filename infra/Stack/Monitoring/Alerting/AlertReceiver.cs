namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>A receiver and its channels. Channels are independent: one that fails does not delay the others.</summary>
public sealed record AlertReceiver(string Name)
{
    /// <summary>Null where nothing is written to Slack.</summary>
    public SlackTarget? Slack { get; init; }

    /// <summary>Null where nothing is sent over SNS.</summary>
    public TopicTarget? Topic { get; init; }

    public Dictionary<string, object> Values()
    {
        var values = new Dictionary<string, object> { ["name"] = Name };
        if (Slack is not null)
            values["slack_configs"] = new[] { Slack.Values() };
        if (Topic is not null)
            values["sns_configs"] = new[] { Topic.Values() };
        return values;
    }
}
