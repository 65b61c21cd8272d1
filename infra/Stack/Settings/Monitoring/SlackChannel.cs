namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>A channel in Slack, such as <c>#alerts</c>.</summary>
public sealed record SlackChannel
{
    private SlackChannel(string name) => Name = name;

    /// <summary>With its <c>#</c>.</summary>
    public string Name { get; }

    /// <summary>Property of the secret that holds the webhook of this channel: its name without <c>#</c>.</summary>
    public string Key => Name[1..];

    /// <summary>Reads a channel; a malformed one is reported and takes the default.</summary>
    public static SlackChannel? Read(SettingsReader reader, string name, string about, string? fallback)
    {
        var text = reader.Text(name, about, fallback ?? "", Shapes.SlackChannel);
        return text.Length == 0 ? null : new SlackChannel(text);
    }
}
