using System.Text.Json;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>Every Kubernetes object in the <c>.yaml</c>, <c>.yml</c> and <c>.json</c> files of a directory and those below it.</summary>
internal static class ManifestDirectory
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <exception cref="UnreadableInputException">There is no such directory, no such file in it, or some are malformed; the message names every one.</exception>
    public static IReadOnlyList<Manifest> Read(string directory)
    {
        if (!Directory.Exists(directory))
            throw new UnreadableInputException($"{directory} is not a directory; name one that holds Kubernetes manifests");
        var files = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count == 0)
            throw new UnreadableInputException($"{directory} holds no .yaml, .yml or .json file, and neither do the directories in it");

        var problems = new List<string>();
        var manifests = files.SelectMany(file => Objects(file, problems)).ToList();
        foreach (var manifest in manifests)
            problems.AddRange(ManifestCheck.Problems(manifest.Object).Select(problem => $"{manifest.Place}: {manifest.Object}: {problem}"));
        return problems.Count == 0 ? manifests : throw new UnreadableInputException(string.Join('\n', problems));
    }

    private static List<Manifest> Objects(string file, List<string> problems)
    {
        try
        {
            var documents = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Json(file) : Yaml(file);
            return [.. documents.SelectMany(document => Objects(document.Value, document.Place, problems))];
        }
        catch (UnreadableInputException exception)
        {
            problems.Add(exception.Message);
            return [];
        }
    }

    private static List<(PropertyValue Value, string Place)> Yaml(string path)
    {
        var file = YamlFile.Read(path);
        var values = new YamlValues(file);
        // A file may begin with a separator, or end with one.
        return
        [
            .. file.Roots.Select((root, index) => (Root: root, Number: index + 1))
                .Where(document => document.Root is not YamlScalarNode { Value: null or "" })
                .Select(document => (
                    values.Read(document.Root),
                    file.Roots.Count == 1 ? file.Place(document.Root) : $"{file.Place(document.Root)} (document {document.Number})")),
        ];
    }

    private static List<(PropertyValue Value, string Place)> Json(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            return [(JsonValues.Of(document.RootElement), path)];
        }
        catch (JsonException exception)
        {
            throw new UnreadableInputException($"{path}:{exception.LineNumber + 1}: this is not JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The object, or those of a list.</summary>
    private static IEnumerable<Manifest> Objects(PropertyValue document, string place, List<string> problems)
    {
        if (document.At("items") is PropertyValue.List items && document.At("kind").Text()?.EndsWith("List", StringComparison.Ordinal) == true)
            return items.Items.SelectMany((item, index) => Objects(item, $"{place}, items[{index}]", problems));
        if (document is PropertyValue.Map map && document.At("apiVersion").Text() is { } version && document.At("kind").Text() is { } kind)
        {
            var name = document.At("metadata", "name").Text() ?? document.At("metadata", "generateName").Text();
            if (name is not null)
                return [new Manifest(new KubernetesObject(version, kind, document.At("metadata", "namespace").Text(), name, map.Entries, false), place)];
            problems.Add($"{place}: {kind} has no metadata.name; give it one");
            return [];
        }

        problems.Add($"{place}: this is no Kubernetes object: it needs apiVersion and kind; move the file elsewhere if it is none");
        return [];
    }
}
