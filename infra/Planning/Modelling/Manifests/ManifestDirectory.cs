using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>
/// Every Kubernetes object in the <c>.yaml</c>, <c>.yml</c> and <c>.json</c> files of a directory, optionally with its subdirectories (<c>kubectl
/// apply -R</c>),
/// or of one file.
/// </summary>
internal static partial class ManifestDirectory
{
    private const string HelmAdvice = "render it with `helm template RELEASE CHART > rendered.yaml` and give that";

    /// <param name="namespace">Of objects that carry none, as <c>kubectl apply -n</c> has it; null for <c>default</c>.</param>
    /// <param name="isRecursive">Whether subdirectories are read as well.</param>
    /// <exception cref="UnreadableInputException">The directory does not exist, has no manifests, or some are malformed; the message names every file.</exception>
    public static ManifestSet Read(string path, string? @namespace = null, bool isRecursive = false)
    {
        var (files, aside) = ManifestFiles.In(path, isRecursive);
        var problems = new List<string>();
        var manifests = files.SelectMany(file => Objects(file, problems)).Select(manifest => Placed(manifest, path, @namespace)).ToList();
        foreach (var manifest in manifests)
            problems.AddRange(ManifestCheck.Problems(manifest.Object).Select(problem => $"{manifest.Place}: {manifest.Object}: {problem}"));
        var once = SameObjects.Once(manifests, problems);
        if (problems.Count > 0)
            throw new UnreadableInputException(string.Join('\n', problems));
        return once.IsEmpty && aside.IsEmpty
            ? throw new UnreadableInputException($"{path} holds no Kubernetes object: its files are empty")
            : new ManifestSet(once, aside, @namespace is null ? [.. DefaultNamespaceNotes(once)] : []);
    }

    private static Manifest Placed(Manifest manifest, string root, string? @namespace)
    {
        var file = Directory.Exists(root) ? Path.GetRelativePath(root, manifest.Place.Path) : Path.GetFileName(manifest.Place.Path);
        var subject = manifest.Object;
        return new Manifest(
            subject.Namespace is null && @namespace is not null && !ServedKinds.IsOfCluster(subject) ? subject with { Namespace = @namespace } : subject,
            manifest.Place with { Path = file });
    }

    private static IEnumerable<ModelNote> DefaultNamespaceNotes(ImmutableArray<Manifest> manifests)
    {
        var without = manifests.Where(manifest => manifest.Object.Namespace is null && !ServedKinds.IsOfCluster(manifest.Object)).ToList();
        if (without.Count > 0)
        {
            yield return new ModelNote(
                "namespace default",
                $"{without.Count} of {manifests.Length} objects name no namespace ({without[0].Object}, {without[0].Place}{(without.Count > 1 ? ", ..." : "")}) and were put into "
                + "default; --namespace NAME puts them elsewhere, as kubectl apply -n NAME does");
        }
    }

    private static List<Manifest> Objects(string file, List<string> problems)
    {
        try
        {
            var documents = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? JsonFile.Read(file) : Yaml(file);
            return [.. documents.SelectMany(document => Objects(document.Value, document.Place, problems))];
        }
        catch (UnreadableInputException exception)
        {
            problems.Add(IsTemplate(file) ? $"{file}: this is a Helm template, not a manifest: {HelmAdvice}" : exception.Message);
            return [];
        }
    }

    private static bool IsTemplate(string file)
    {
        try
        {
            return TemplateMark().IsMatch(InputFile.ReadText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UnreadableInputException)
        {
            return false;
        }
    }

    private static List<(PropertyValue Value, Origin.File Place)> Yaml(string path)
    {
        var file = YamlFile.Read(path);
        var values = new YamlValues(file);
        // A file may begin or end with a separator.
        return
        [
            .. file.Roots.Select((root, index) => (Root: root, Number: index + 1))
                .Where(document => document.Root is not YamlDotNet.RepresentationModel.YamlScalarNode { Value: null or "" })
                .Select(document => (
                    values.Read(document.Root),
                    new Origin.File(path, document.Root.Start.Line, file.Roots.Count == 1 ? "" : $" (document {document.Number})"))),
        ];
    }

    /// <summary>The object, or the items of a list.</summary>
    private static IEnumerable<Manifest> Objects(PropertyValue document, Origin.File place, List<string> problems)
    {
        if (document is PropertyValue.Null)
            return [];
        if (document.At("kind").Text() is { } list && list.EndsWith("List", StringComparison.Ordinal) && document is PropertyValue.Map { Entries: var entries } && entries.ContainsKey("items"))
        {
            return document.At("items").Items().SelectMany((item, index) =>
                Objects(Typed(item, list[..^"List".Length], document.At("apiVersion")), place with { Part = $"{place.Part}, items[{index}]" }, problems)).ToList();
        }

        if (document is PropertyValue.Map map && document.At("apiVersion").Text() is { } version && document.At("kind").Text() is { } kind)
            return Named(new KubernetesObject(version, kind, NamespaceOf(document), NameOf(document) ?? "", map.Entries, false), place, problems);
        problems.Add(document.At("resources") is not null && document is PropertyValue.Map
            ? $"{place}: this is a kustomization without apiVersion and kind; render it with `kubectl kustomize` and give the output"
            : $"{place}: this is not a Kubernetes object: it needs apiVersion and kind; move the file elsewhere if it is something else");
        return [];
    }

    private static IEnumerable<Manifest> Named(KubernetesObject subject, Origin.File place, List<string> problems)
    {
        if (subject.Group == "kustomize.config.k8s.io")
            problems.Add($"{place}: this is a {subject.Kind} of kustomize and not an object of a cluster; render it with `kubectl kustomize` and give the output");
        else if (subject.Name.Length == 0)
            problems.Add($"{place}: {subject.Kind} {WhyNameless(subject.Content.At("metadata", "name"))}");
        else if (subject.Name.Contains("{{", StringComparison.Ordinal))
            problems.Add($"{place}: {subject.Kind} {subject.Name}: this is a template, not a manifest: {HelmAdvice}");
        else
            return [new Manifest(subject, place)];
        return [];
    }

    /// <summary>A name without quotes may not be a string: kubectl reads YAML 1.1, where <c>n</c>, <c>no</c> and <c>off</c> are false.</summary>
    private static string WhyNameless(PropertyValue? name) => name switch
    {
        PropertyValue.Bool { Value: var flag } =>
            $"has the boolean {FieldTypes.Show(name)} as its metadata.name: without quotes YAML 1.1 reads {(flag ? "y, yes and on as true" : "n, no and off as false")}; put the name in quotes",
        PropertyValue.Number => $"has the number {FieldTypes.Show(name)} as its metadata.name, and a name is text; put it in quotes",
        _ => "has no metadata.name; give it one",
    };

    private static string? NameOf(PropertyValue document) => document.At("metadata", "name").Text() ?? document.At("metadata", "generateName").Text();

    private static string? NamespaceOf(PropertyValue document) => document.At("metadata", "namespace").Text() is { Length: > 0 } name ? name : null;

    /// <summary>
    /// Items of a typed list, such as a PodList of <c>kubectl get --raw</c>, have no kind of their own; it follows from the kind of the list.
    /// </summary>
    private static PropertyValue Typed(PropertyValue item, string kind, PropertyValue? apiVersion)
    {
        if (item is not PropertyValue.Map map || kind.Length == 0 || item.At("kind") is not null || apiVersion is null)
            return item;
        return new PropertyValue.Map(map.Entries.SetItem("kind", new PropertyValue.Text(kind)).SetItem("apiVersion", apiVersion));
    }

    [GeneratedRegex(@"\{\{-?\s*(/\*|(if|range|with|include|template|define|toYaml|tpl|end)\b|\$?\.?(Values|Release|Chart|Capabilities|Files|Template)\b|\.)")]
    private static partial Regex TemplateMark();
}

/// <summary>An object of a file.</summary>
internal sealed record Manifest(KubernetesObject Object, Origin.File Place);

/// <summary>The content of a directory.</summary>
/// <param name="Manifests">Each object once.</param>
/// <param name="Aside">Directories that were not read, with the reason.</param>
/// <param name="Notes">Notes about the manifests.</param>
internal sealed record ManifestSet(ImmutableArray<Manifest> Manifests, ImmutableArray<UnknownObject> Aside, ImmutableArray<ModelNote> Notes);
