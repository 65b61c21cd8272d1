using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Objectives;

/// <summary>Times within which things are as before after a failure (<c>ha-cluster:objectives.recovery</c>).</summary>
/// <param name="Stateless">Replicas without volumes.</param>
/// <param name="Stateful">Replicas with volumes that can be attached again.</param>
/// <param name="Database">Until a writer takes writes again.</param>
public sealed partial record RecoverySettings(TimeSpan Stateless, TimeSpan Stateful, TimeSpan Database)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static RecoverySettings Read(SettingsReader reader)
    {
        var settings = new RecoverySettings(Time(reader, "stateless", "10m"), Time(reader, "stateful", "20m"), Time(reader, "database", "2m"));
        reader.Close();
        return settings;
    }

    private static TimeSpan Time(SettingsReader reader, string name, string fallback)
    {
        var text = reader.Text(name, fallback);
        if (Parse(text) is { } time && time > TimeSpan.Zero && time <= Longest)
            return time;

        reader.Problems.Add(reader.PathOf(name), $"\"{text}\"", $"write a time from 1s to 24h, such as 90s, {fallback} or 1h");
        return Parse(fallback)!.Value;
    }

    private static TimeSpan? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match)
            return null;

        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,6})(?<unit>[smh])\z")]
    private static partial Regex Shape();
}
