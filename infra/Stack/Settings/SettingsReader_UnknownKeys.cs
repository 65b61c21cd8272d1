using HaCluster.Engine.Validation;

namespace HaCluster.Stack.Settings;

public sealed partial class SettingsReader
{
    /// <summary>Reports every key that was not read.</summary>
    public void Close()
    {
        foreach (var name in _values.Keys.Where(name => !_known.Contains(name)))
            Problems.Add(PathOf(name), Flat(name) ?? $"is not a setting; {Hint(name)}");
    }

    private string Hint(string name) =>
        NearestName.Find(name, _known, 1) is [var nearest] ? $"did you mean {nearest}?" : $"the settings here are {string.Join(", ", _known)}";

    /// <summary>
    /// <c>pulumi config set edge.enabled true</c> writes a key with a dot in it; with <c>--path</c> it writes <c>enabled</c> below <c>edge</c>
    /// (https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/).
    /// </summary>
    private string? Flat(string name)
    {
        var parts = name.Split('.', 2);
        if (parts.Length < 2 || NearestName.Find(parts[0], _known, 1) is not [var first])
            return null;

        var path = $"{first}.{parts[1]}";
        if (!_path.EndsWith(':'))
            return $"is not a setting; a dot in a key works only in commands: in the file, write {parts[1]} below {first}";

        var value = _secrets.Contains(name) ? "VALUE" : Quoted(_values[name].ToString());
        return $"is not a setting; without --path, `pulumi config set` treats dots as part of the name: run "
            + $"`pulumi config rm {PathOf(name)}` and `pulumi config set --path {PathOf(path)} {value}`";
    }

    /// <summary>Quoted for a shell.</summary>
    private static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:@%+=,".Contains(letter, StringComparison.Ordinal))
            ? value
            : "'" + value.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
