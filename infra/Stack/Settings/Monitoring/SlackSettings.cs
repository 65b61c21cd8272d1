using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>Where alerts are written (<c>ha-cluster:monitoring.slack</c>).</summary>
public sealed record SlackSettings
{
    /// <summary>Values of the label <c>team</c> that alerts carry.</summary>
    public static readonly ImmutableArray<string> KnownTeams = ["chains", "data", "delivery", "payments", "platform"];

    /// <summary>Name of a secret in AWS Secrets Manager; null when there is none, and then nothing reaches Slack.</summary>
    public required string? Secret { get; init; }

    public required SlackChannel Critical { get; init; }

    public required SlackChannel Warning { get; init; }

    /// <summary>Null when nobody wants to be told of what is not urgent.</summary>
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
        var channels = reader.Object("channels", "Channels by severity; in quotes, since YAML sees a comment after a bare #.");
        var settings = new SlackSettings
        {
            Secret = ReadSecret(reader),
            Critical = SlackChannel.Read(channels, "critical", "Channel of critical alerts.", "#alerts-critical")!,
            Warning = SlackChannel.Read(channels, "warning", "Channel of warnings.", "#alerts")!,
            Info = SlackChannel.Read(channels, "info", "Channel of what is not urgent. Empty: nobody is told.", fallback: null),
            Teams = ReadTeams(reader.Object("teams", "Channels of their own for the alerts of a team.")),
        };
        channels.Close();
        reader.Close();
        return settings;
    }

    private static string? ReadSecret(SettingsReader reader)
    {
        var name = reader.Text(
            "secret",
            "Name of a secret in AWS Secrets Manager, a JSON object: {\"webhook\": \"https://hooks.slack.com/...\"}, or a webhook per channel, by its name without #. Empty: nothing goes to Slack.",
            "",
            example: "my-cluster/slack");
        if (name.Length == 0)
            return null;

        if (name.Contains("://", StringComparison.Ordinal))
        {
            // The value is not repeated: whoever has a webhook can write to the channel.
            reader.Problems.Add(
                reader.PathOf("secret"),
                "is an address, and the name of a secret in AWS Secrets Manager is expected here; settings are no place for a webhook: "
                + "put it into the secret, and make a new one, since this one was written down");
            return null;
        }

        if (Shapes.SecretName.Fault(name) is not { } fault)
            return name;

        reader.Problems.Add(reader.PathOf("secret"), $"\"{name}\"", fault);
        return null;
    }

    private static ImmutableArray<TeamChannels> ReadTeams(SettingsReader reader)
    {
        var teams = ImmutableArray.CreateBuilder<TeamChannels>();
        foreach (var team in KnownTeams)
        {
            var channels = reader.Object(team, $"Channels of team {team}.");
            teams.Add(new TeamChannels(team, SlackChannel.Read(channels, "critical", "Channel of its critical alerts.", fallback: null), SlackChannel.Read(channels, "warning", "Channel of its warnings.", fallback: null)));
            channels.Close();
        }

        reader.Close();
        return [.. teams.Where(team => team.Critical is not null || team.Warning is not null)];
    }
}

/// <summary>Channels of one team (<c>ha-cluster:monitoring.slack.teams.NAME</c>); what is null goes where everyone's goes.</summary>
public sealed record TeamChannels(string Team, SlackChannel? Critical, SlackChannel? Warning);

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
