namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>Channels of one team (<c>ha-cluster:monitoring.slack.teams.NAME</c>); what is null goes where everyone's goes.</summary>
public sealed record TeamChannels(string Team, SlackChannel? Critical, SlackChannel? Warning);
