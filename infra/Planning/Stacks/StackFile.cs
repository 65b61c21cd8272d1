using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using HaCluster.Engine.Validation;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Stacks;

/// <summary>A <c>Pulumi.STACK.yaml</c> as written: typed values by full key. Pulumi's entries for encryption are not read.</summary>
public sealed partial record StackFile
{
    private static readonly string[] Extensions = ["yaml", "yml"];
    private static readonly string[] KnownEntries = ["config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment"];

    public required string Path { get; init; }

    /// <summary>The whole text, so that whoever changes it changes what was read: a pipe can be read only once. Without a byte order mark.</summary>
    public required string Text { get; init; }

    public required ImmutableSortedDictionary<string, ConfigValue> Config { get; init; }

    /// <summary>Values that the program gets in another form than they were written, by full key.</summary>
    public ImmutableDictionary<string, WrittenValue> Written { get; init; } = ImmutableDictionary<string, WrittenValue>.Empty;

    /// <summary>Warnings about the file, each with its line.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The file of a stack of the project.</summary>
    /// <exception cref="UnreadableInputException">The stack does not exist (the message lists those that do), or its file cannot be understood.</exception>
    public static StackFile ForStack(ProjectFile project, string stack)
    {
        if (!IsStackName(stack))
            throw new UnreadableInputException($"'{stack}' cannot be the name of a stack: letters, digits, '-', '_' and '.' only, at most 100");
        var path = Extensions
            .Select(extension => System.IO.Path.Combine(project.StackDirectory, $"Pulumi.{stack}.{extension}"))
            .FirstOrDefault(System.IO.Path.Exists);
        return path is null ? throw NoSuchStack(project, stack) : Read(path, project.Name);
    }

    /// <exception cref="UnreadableInputException">The file cannot be read or understood; the message names line and column.</exception>
    public static StackFile Read(string path, string project)
    {
        if (!File.Exists(path))
            throw new UnreadableInputException($"'{path}' {(Directory.Exists(path) ? "is a directory" : "does not exist")}; --settings takes a stack file such as Pulumi.prod.yaml");
        return Parse(YamlFile.Read(path), project);
    }

    /// <param name="path">The path of the text, for messages.</param>
    /// <exception cref="UnreadableInputException">The text cannot be understood; the message names line and column.</exception>
    public static StackFile Parse(string path, string text, string project) => Parse(YamlFile.Parse(path, text), project);

    /// <summary>Replaces the text of a stack file as a whole, in the encoding that it has. A link stays a link.</summary>
    /// <param name="read">What was read of it.</param>
    /// <returns>False when it has changed since it was read; nothing is written then.</returns>
    public static bool Replace(string path, string read, string text)
    {
        var target = InputFile.RealPath(path);
        var now = File.ReadAllBytes(target);
        var encoding = InputFile.EncodingOf(now);
        if (!now.AsSpan().SequenceEqual(BytesOf(read)))
            return false;
        WholeFile.Write(target, stream => stream.Write(BytesOf(text)), toDisk: true);
        return true;

        byte[] BytesOf(string each) => [.. encoding.Preamble, .. encoding.GetBytes(each)];
    }

    /// <summary>Whether the file sets a setting.</summary>
    /// <param name="setting">The full key, then the names below it.</param>
    public bool Sets(ReadOnlySpan<string> setting)
    {
        ConfigValue? value = new ConfigValue.Map(Config);
        foreach (var name in setting)
            value = (value as ConfigValue.Map)?.Entries.GetValueOrDefault(name);
        return value is not null;
    }

    /// <summary>The stack that a settings file is named after, or null when its name is not of the form <c>Pulumi.STACK.yaml</c>.</summary>
    public static string? StackNamedBy(string path) =>
        FileNameForm().Match(System.IO.Path.GetFileName(path)) is { Success: true } match && IsStackName(match.Groups[1].Value)
            ? match.Groups[1].Value
            : null;

    public static bool IsStackName(string name) => StackNameForm().IsMatch(name);

    internal static StackFile Parse(YamlFile file, string project)
    {
        var config = ImmutableSortedDictionary.CreateBuilder<string, ConfigValue>(StringComparer.Ordinal);
        var warnings = new List<string>();
        var written = ImmutableDictionary.CreateBuilder<string, WrittenValue>(StringComparer.Ordinal);
        // Pulumi reads only the first document and ignores the others silently.
        if (file.Roots.Skip(1).FirstOrDefault(HasContent) is { } further)
            throw file.Error(further, "a stack file has one document, and Pulumi does not read this one: move what it sets above the line ---");
        if (file.Root is YamlMappingNode root)
        {
            ReadEntries(file, root, project, config, new ConfigReader(file, warnings, written), warnings);
        }
        else if (file.Root is not (null or YamlScalarNode { Value: null or "" }))
        {
            throw file.Error(file.Root, "a stack file is a mapping that has a 'config' entry");
        }

        return new StackFile { Path = file.Path, Text = file.Text, Config = config.ToImmutable(), Written = written.ToImmutable(), Warnings = [.. warnings] };
    }

    // Not the text: it has the ciphertext of secrets, and comments.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Path)).Append(" = ").Append(Path);
        return true;
    }

    private static void ReadEntries(
        YamlFile file,
        YamlMappingNode root,
        string project,
        ImmutableSortedDictionary<string, ConfigValue>.Builder config,
        ConfigReader reader,
        List<string> warnings)
    {
        var unknown = root.Children.Keys.Where(key => !KnownEntries.Contains(key.ToString(), StringComparer.Ordinal)).ToList();
        if (unknown.Count > 0)
            throw new UnreadableInputException(string.Join('\n', unknown.Select(key => file.Error(key, Unknown(key.ToString(), project)).Message)));
        if (root.Children.Keys.FirstOrDefault(key => key.ToString() == "environment") is { } environment)
            warnings.Add($"{file.Place(environment)}: 'environment' is resolved by Pulumi Cloud only; its values are missing here");

        if (!root.Children.TryGetValue("config", out var node) || node is YamlScalarNode { Value: null or "" })
            return;
        if (node is not YamlMappingNode settings)
            throw file.Error(node, "'config' must be a mapping from keys to values");
        foreach (var (keyNode, value) in settings.Children)
        {
            if (keyNode is not YamlScalarNode { Value: { } text } || ConfigKey.Parse(text, project) is not { } key)
                throw file.Error(keyNode, $"'{keyNode}' is not a configuration key; the form is {project}:name");
            if (config.ContainsKey(key))
                throw file.Error(keyNode, $"{key} is set twice");
            config[key] = reader.Read(key, value);
            if (config[key] is ConfigValue.Null)
                warnings.Add($"{file.Place(keyNode)}: {key} has no value");
        }
    }

    private static bool HasContent(YamlNode node) => node is not YamlScalarNode { Value: null or "" };

    private static string Unknown(string key, string project) =>
        $"'{key}' is not an entry of a stack file, and Pulumi would ignore it; "
        + (NearestName.Find(key, KnownEntries, 1) is [var nearest] ? $"did you mean '{nearest}'?"
            : key.StartsWith(project + ":", StringComparison.Ordinal) || key == "aws:region" ? "indent it below 'config:'"
            : "settings are written below 'config:'");

    private static UnreadableInputException NoSuchStack(ProjectFile project, string stack)
    {
        var existing = Directory.Exists(project.StackDirectory)
            ? Directory.EnumerateFiles(project.StackDirectory, "Pulumi.*.y*ml").Select(StackNamedBy).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList()
            : [];
        return new UnreadableInputException(existing.Count == 0
            ? $"there is no stack '{stack}': {project.StackDirectory} has no stack file (Pulumi.STACK.yaml); change to the directory of the project (cd), or name a file: --settings FILE"
            : $"there is no stack '{stack}' in {project.StackDirectory}; those that exist: {string.Join(", ", existing)}");
    }

    [GeneratedRegex(@"^Pulumi\.(.+)\.ya?ml\z", RegexOptions.IgnoreCase)]
    private static partial Regex FileNameForm();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex StackNameForm();
}
