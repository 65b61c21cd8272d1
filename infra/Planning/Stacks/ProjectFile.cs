using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Stacks;

/// <summary>A <c>Pulumi.yaml</c>: the project's name, the path of its program and the declared settings.</summary>
public sealed record ProjectFile
{
    private static readonly string[] FileNames = ["Pulumi.yaml", "Pulumi.yml"];

    public required string Path { get; init; }

    public required string Name { get; init; }

    /// <summary>The program's directory (or file) as an absolute path; the project's own directory when <c>main</c> is not given.</summary>
    public required string Main { get; init; }

    /// <summary>Where the stack files are, as an absolute path.</summary>
    public required string StackDirectory { get; init; }

    public ImmutableArray<ConfigDeclaration> Declarations { get; init; } = [];

    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Looks in <paramref name="start"/> and above it, as Pulumi does, and then in <paramref name="fallback"/>.</summary>
    /// <exception cref="UnreadableInputException">There is no project file, or it cannot be understood.</exception>
    public static ProjectFile Find(string start, string? fallback)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            if (In(directory.FullName) is { } path)
                return Read(path);
        }

        if (fallback is not null && In(fallback) is { } fallbackPath)
            return Read(fallbackPath);
        throw new UnreadableInputException(
            $"no Pulumi.yaml in {start} or any directory above it; run this inside a checkout of the project");
    }

    /// <exception cref="UnreadableInputException">The file cannot be read or does not describe a project.</exception>
    public static ProjectFile Read(string path)
    {
        var file = YamlFile.Read(path);
        if (file.Root is not YamlMappingNode root)
            throw new UnreadableInputException($"{path} is not a project file: it has no 'name' and no 'runtime'");
        var directory = System.IO.Path.GetDirectoryName(path)!;
        var name = Text(file, root, "name") ?? throw file.Error(root, "the project has no 'name'");
        return new ProjectFile
        {
            Path = path,
            Name = name,
            Main = System.IO.Path.GetFullPath(Text(file, root, "main") ?? ".", directory),
            StackDirectory = System.IO.Path.GetFullPath(Text(file, root, "stackConfigDir") ?? ".", directory),
            Declarations = root.Children.TryGetValue("config", out var config) ? Declared(file, config, name) : [],
        };
    }

    private static string? In(string directory) =>
        FileNames.Select(name => System.IO.Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    private static string? Text(YamlFile file, YamlMappingNode root, string key) =>
        !root.Children.TryGetValue(key, out var node) ? null
        : node is YamlScalarNode { Value: { Length: > 0 } value } ? value
        : throw file.Error(node, $"'{key}' must be text");

    private static ImmutableArray<ConfigDeclaration> Declared(YamlFile file, YamlNode config, string project)
    {
        if (config is not YamlMappingNode entries)
            throw file.Error(config, "'config' must be a mapping from keys to their declarations");
        var reader = new ConfigReader(file);
        var declarations = entries.Children.Select(entry => (entry.Key, Declaration: Declaration(file, reader, project, entry.Key, entry.Value))).ToList();
        // The short and the long form of a key are the same setting.
        var twice = declarations.GroupBy(each => each.Declaration.Key, StringComparer.Ordinal).SelectMany(same => same.Skip(1)).FirstOrDefault();
        return twice.Key is null ? [.. declarations.Select(each => each.Declaration)] : throw file.Error(twice.Key, $"{twice.Declaration.Key} is declared twice");
    }

    private static ConfigDeclaration Declaration(YamlFile file, ConfigReader reader, string project, YamlNode keyNode, YamlNode node)
    {
        if (keyNode is not YamlScalarNode { Value: { } text } || ConfigKey.Parse(text, project) is not { } key)
            throw file.Error(keyNode, $"'{keyNode}' is not a configuration key; the form is namespace:name");
        if (reader.Read(key, node) is not ConfigValue.Map declaration)
            return new ConfigDeclaration(key, null, false, reader.Read(key, node));
        var value = declaration.Entries.GetValueOrDefault("default") ?? declaration.Entries.GetValueOrDefault("value");
        var isSecret = declaration.Entries.GetValueOrDefault("secret") is ConfigValue.Bool { Value: true };
        var type = TypeOf(declaration);
        if (type is not null && value is not null && !type.Accepts(value))
            throw file.Error(node, $"the default of {key} is not of its type {type}");
        return new ConfigDeclaration(key, type, isSecret, value);
    }

    private static ConfigType? TypeOf(ConfigValue.Map declaration) =>
        declaration.Entries.GetValueOrDefault("type") is ConfigValue.Text type
            ? new ConfigType(type.Value, declaration.Entries.GetValueOrDefault("items") is ConfigValue.Map items ? TypeOf(items) : null)
            : null;
}
