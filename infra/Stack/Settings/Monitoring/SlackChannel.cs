using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>A channel in Slack, such as <c>#alerts</c>.</summary>
public sealed partial record SlackChannel
{
    private SlackChannel(string name) => Name = name;

    /// <summary>With its <c>#</c>.</summary>
    public string Name { get; }

    /// <summary>Property of the secret that holds the webhook of this channel: its name without <c>#</c>.</summary>
    public string Key => Name[1..];

    /// <summary>Reads a channel; a malformed one is reported and takes the default.</summary>
    public static SlackChannel? Read(SettingsReader reader, string name, string? fallback)
    {
        var text = reader.Text(name, fallback ?? "");
        if (text.Length == 0 && fallback is null)
            return null;

        if (Shape().IsMatch(text))
            return new SlackChannel(text);

        reader.Problems.Add(
            reader.PathOf(name),
            $"\"{text}\"",
            Shape().IsMatch("#" + text)
                ? $"a channel begins with #: write \"#{text}\", in quotes, or YAML takes it for a comment"
                : "a channel is # and up to 79 lower-case letters, digits, dashes and underscores, in quotes: \"#alerts\"");
        return fallback is null ? null : new SlackChannel(fallback);
    }

    // https://slack.com/help/articles/201402297-Create-a-channel
    [GeneratedRegex("^#[a-z0-9][a-z0-9_-]{0,78}$")]
    private static partial Regex Shape();
}
