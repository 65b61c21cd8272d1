namespace HaCluster.Stack.Settings.Objectives;

/// <summary>Times within which things are as before after a failure (<c>ha-cluster:objectives.recovery</c>).</summary>
/// <param name="Stateless">Replicas without volumes.</param>
/// <param name="Stateful">Replicas with volumes that can be attached again.</param>
/// <param name="Database">Until a writer accepts writes again.</param>
public sealed record RecoverySettings(TimeSpan Stateless, TimeSpan Stateful, TimeSpan Database)
{
    public static RecoverySettings Read(SettingsReader reader)
    {
        var settings = new RecoverySettings(
            Time(reader, "stateless", "Until all replicas without volumes are ready again.", "10m"),
            Time(reader, "stateful", "Until all replicas with volumes that can be attached again are ready.", "20m"),
            Time(reader, "database", "Until a database accepts writes again.", "2m"));
        reader.Close();
        return settings;
    }

    private static TimeSpan Time(SettingsReader reader, string name, string about, string fallback) =>
        Shapes.ParseDuration(reader.Text(name, about, fallback, Shapes.Duration));
}
