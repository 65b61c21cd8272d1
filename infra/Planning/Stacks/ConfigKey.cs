namespace HaCluster.Planning.Stacks;

/// <summary>Configuration keys: <c>namespace:name</c>, where a name alone belongs to the project.</summary>
internal static class ConfigKey
{
    /// <summary>The full key, or null when the text is not a key. The old form <c>namespace:config:name</c> is understood.</summary>
    public static string? Parse(string text, string project)
    {
        var parts = text.Split(':');
        if (parts.Any(part => part.Trim().Length == 0))
            return null;
        return parts switch
        {
            [var name] => $"{project}:{name}",
            [_, _] => text,
            [var space, "config", var name] => $"{space}:{name}",
            _ => null,
        };
    }
}
