namespace HaCluster.Stack.Settings;

/// <summary>Collects everything that is wrong with the settings, so that a user sees all of it at once.</summary>
public sealed class SettingsProblems
{
    private const int MaxShown = 100;

    private readonly List<string> _messages = [];

    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Adds <c>path is VALUE; why and what to do</c>.</summary>
    /// <param name="path">Full key, for example <c>ha-cluster:nodePools.general.min</c>.</param>
    /// <param name="value">The offending value as the user wrote it.</param>
    /// <param name="advice">Why it is refused and what to do instead.</param>
    public void Add(string path, object value, string advice) => Add(path, $"is {Cut($"{value}")}; {advice}");

    /// <summary>Adds a sentence about a key that has no value to show (missing, unknown, secret).</summary>
    public void Add(string path, string sentence)
    {
        // An object is looked at again by checks that need the other settings too: what is wrong with it is said once.
        if (!_messages.Contains($"{path} {sentence}"))
            _messages.Add($"{path} {sentence}");
    }

    /// <summary>A long value would hide what is wrong with it.</summary>
    private static string Cut(string value)
    {
        if (value.Length <= MaxShown)
            return value;
        var shown = char.IsHighSurrogate(value[MaxShown - 1]) ? MaxShown - 1 : MaxShown;
        return $"{value[..shown]}...{(value[0] == '"' ? "\"" : "")}";
    }
}
