using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>Where alerts are written (<c>ha-cluster:monitoring.slack</c>).</summary>
public sealed record SlackSettings
{
    /// <summary>Values of the label <c>team</c> that alerts carry.</summary>
    public static readonly ImmutableArray<string> KnownTeams = ["chains", "data", "delivery", "payments", "platform"];

    /// <summary>Name of a secret in AWS Secrets Manager; null: nothing is sent to Slack.</summary>
    public required string? Secret { get; init; }

    public required SlackChannel Critical { get; init; }

    public required SlackChannel Warning { get; init; }

    /// <summary>Null: alerts that are not urgent are not sent.</summary>
    public required SlackChannel? Info { get; init; }

    /// <summary>Teams with channels of their own, in ordinal order.</summary>
    public required ImmutableArray<TeamChannels> Teams { get; init; }

    /// <summary>All channels that anything is written to, each once.</summary>
    public IEnumerable<SlackChannel> Channels => new[] { Critical, Warning, Info }
        .Concat(Teams.SelectMany(team => new[] { team.Critical, team.Warning }))
        .OfType<SlackChannel>()
        .DistinctBy(channel => channel.Name);

    public static SlackSettings Read(SettingsReader reader)
    {
        var channels = reader.Object("channels", "Channels per severity, in quotes: without them YAML reads # as a comment.");
        var settings = new SlackSettings
        {
            Secret = ReadSecret(reader),
            Critical = SlackChannel.Read(channels, "critical", "Channel for critical alerts.", "#alerts-critical")!,
            Warning = SlackChannel.Read(channels, "warning", "Channel for warnings.", "#alerts")!,
            Info = SlackChannel.Read(channels, "info", "Channel for alerts that are not urgent. Empty: they are not sent.", fallback: null),
            Teams = ReadTeams(reader.Object("teams", "Separate channels for the alerts of a team.")),
        };
        channels.Close();
        reader.Close();
        return settings;
    }

    private static string? ReadSecret(SettingsReader reader)
    {
        var name = reader.Text(
            "secret",
            "Name of a secret in AWS Secrets Manager, a JSON object: {\"webhook\": \"https://hooks.slack.com/...\"}, or one webhook per channel, with the channel's name without # as key. Empty: nothing is sent to Slack.",
            "",
            example: "my-cluster/slack");
        if (name.Length == 0)
            return null;

        if (name.Contains("://", StringComparison.Ordinal))
        {
            // The value is not repeated: with a webhook anyone can write to the channel.
            reader.Problems.Add(
                reader.PathOf("secret"),
                "is a URL, and the name of a secret in AWS Secrets Manager is expected here; settings are not secret: "
                + "create a new webhook, because this one has been written down, and store it in the secret");
            return null;
        }

        if (Shapes.SecretName.Fault(name) is not { } fault)
            return name;

        reader.Problems.Add(reader.PathOf("secret"), SettingsReader.Shown(name), fault);
        return null;
    }

    private static ImmutableArray<TeamChannels> ReadTeams(SettingsReader reader)
    {
        var teams = ImmutableArray.CreateBuilder<TeamChannels>();
        foreach (var team in KnownTeams)
        {
            var channels = reader.Object(team, $"Channels of team {team}.");
            teams.Add(new TeamChannels(team, SlackChannel.Read(channels, "critical", "Channel for its critical alerts.", fallback: null), SlackChannel.Read(channels, "warning", "Channel for its warnings.", fallback: null)));
            channels.Close();
        }

        reader.Close();
        return [.. teams.Where(team => team.Critical is not null || team.Warning is not null)];
    }
}

/// <summary>Channels of one team (<c>ha-cluster:monitoring.slack.teams.NAME</c>); null: the common channel.</summary>
public sealed record TeamChannels(string Team, SlackChannel? Critical, SlackChannel? Warning);

/// <summary>A channel in Slack, such as <c>#alerts</c>.</summary>
public sealed record SlackChannel
{
    private SlackChannel(string name) => Name = name;

    /// <summary>With its <c>#</c>.</summary>
    public string Name { get; }

    /// <summary>Property of the secret with the webhook of this channel: its name without <c>#</c>.</summary>
    public string Key => Name[1..];

    /// <summary>Reads a channel; a malformed one is reported and replaced by the default.</summary>
    public static SlackChannel? Read(SettingsReader reader, string name, string about, string? fallback)
    {
        var text = reader.Text(name, about, fallback ?? "", Shapes.SlackChannel);
        return text.Length == 0 ? null : new SlackChannel(text);
    }
}
