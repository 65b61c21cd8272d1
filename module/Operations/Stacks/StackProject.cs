using System.Collections.Immutable;
using System.Text;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;

namespace HaCluster.Operations.Stacks;

/// <summary>The folder with <c>Pulumi.yaml</c> and the stack files: what a person edits before anything exists.</summary>
public sealed class StackProject
{
    private const string Sites = "sites";

    private readonly ProjectFile _project;

    private StackProject(ProjectFile project) => _project = project;

    /// <summary>Where the stack files are.</summary>
    public string Directory => _project.StackDirectory;

    /// <summary>Looks in the folder and above it.</summary>
    /// <exception cref="HaClusterException">There is no project.</exception>
    public static StackProject Find(string directory) => Reading(() => new StackProject(ProjectFile.Find(directory, fallback: null)));

    /// <summary>All stacks; one whose file cannot be read says why.</summary>
    public IReadOnlyList<StackInfo> List() => [.. System.IO.Directory.EnumerateFiles(Directory, "Pulumi.*.y*ml")
        .Select(StackFile.StackNamedBy).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(Describe)];

    /// <exception cref="HaClusterException">It does not exist, or cannot be understood.</exception>
    public StackInfo Get(string stack) => Reading(() => Describe(stack, StackFile.ForStack(_project, stack)));

    /// <summary>Writes a new stack file.</summary>
    /// <param name="template">A stack whose file is copied, with its comments; null: only the region is set, and everything else has its default.</param>
    /// <param name="name">Of the cluster; null: the default, <c>PROJECT-STACK</c>.</param>
    /// <exception cref="HaClusterException">It exists already, or the name or template is not valid.</exception>
    public StackInfo Create(string stack, string region, string? template, string? name)
    {
        if (!StackFile.IsStackName(stack))
            throw new HaClusterException(FailureKind.InvalidInput, "", $"stack {stack}", "the name is not valid", "Use letters, digits, '-', '_' and '.', at most 100");
        var path = Path.Combine(Directory, $"Pulumi.{stack}.yaml");
        if (File.Exists(path))
            throw new HaClusterException(FailureKind.AlreadyExists, "", path, "it already exists", "Choose another name, or edit the file");
        return Reading(() =>
        {
            var text = template is null
                ? "# yaml-language-server: $schema=infra/Stack/Settings/settings.schema.json\n# `ha explain` says what can be set; what is not set has its default.\nconfig:\n"
                : StackFile.ForStack(_project, template).Text;
            List<SettingEdit> edits = [new(["aws:region"], region)];
            if (name is not null)
                edits.Add(new([Key("name")], name));
            var changed = StackFileEditor.Apply(path, text, _project.Name, edits);
            WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(changed)), toDisk: true);
            return Get(stack);
        });
    }

    /// <summary>The sites of a stack as its settings have them.</summary>
    /// <exception cref="HaClusterException">The stack does not exist, or its file cannot be understood.</exception>
    public IReadOnlyList<StackSite> ListSites(string stack) => Reading(() =>
        SitesOf(StackFile.ForStack(_project, stack)) is { } sites
            ? sites.Entries.Select(entry => Site(stack, entry.Key, entry.Value)).ToList()
            : (IReadOnlyList<StackSite>)[]);

    /// <summary>Sets a site; comments and order of the file stay.</summary>
    /// <param name="settings">Below the site: <c>image</c>, <c>domain</c> and so on, as YAML.</param>
    /// <exception cref="HaClusterException">The file cannot be read, edited or written.</exception>
    public StackEdit PlanSite(string stack, string site, IReadOnlyList<KeyValuePair<string, string>> settings) => Edit(stack, file =>
        StackFileEditor.Apply(file.Path, file.Text, _project.Name, settings.Select(setting => new SettingEdit([Key(Sites), site, setting.Key], setting.Value))));

    /// <exception cref="HaClusterException">There is no such site, or the file cannot be edited.</exception>
    public StackEdit PlanSiteRemoval(string stack, string site)
    {
        var sites = ListSites(stack).Select(one => one.Name).ToList();
        if (!sites.Contains(site))
            throw new HaClusterException(FailureKind.NotFound, "", $"site {site}", $"stack {stack} has no such site", Advice.Available(sites, "The stack has no site"));
        return Edit(stack, file => StackFileEditor.Remove(file.Path, file.Text, _project.Name, [Key(Sites), site]));
    }

    /// <summary>Sets limits of a namespace's quota.</summary>
    /// <param name="quota">Name of the ResourceQuota; null: the one that the stack declares.</param>
    /// <param name="hard">By resource, as Kubernetes writes them: <c>requests.cpu</c> to <c>8</c>.</param>
    /// <exception cref="HaClusterException">No setting controls it, the stack does not declare the namespace, or the file cannot be read or edited.</exception>
    public StackEdit PlanQuota(string stack, string @namespace, string? quota, IReadOnlyDictionary<string, string> hard) => Edit(stack, file =>
    {
        var path = QuotaSettings.PathOf(@namespace);
        if (path.IsEmpty || quota is not (null or QuotaSettings.QuotaName))
            throw Refused($"no setting of the stack controls quota {quota ?? @namespace}", "Leave out -Stack; the quota of a site follows from its maxReplicas, cpu and memory");
        if (QuotaSettings.IsOfUser(@namespace) && (file.Config.GetValueOrDefault(Key(path[0])) as ConfigValue.Map)?.Entries.ContainsKey(@namespace) != true)
            throw Refused($"stack {stack} does not declare this namespace", $"Leave out -Stack, or declare {_project.Name}:{path[0]}.{@namespace}");
        var settings = hard.Select(limit => new SettingEdit([Key(path[0]), .. path.Skip(1), KeyOf(limit.Key)], limit.Value));
        return StackFileEditor.Apply(file.Path, file.Text, _project.Name, settings);

        string KeyOf(string resource) => QuotaSettings.KeyOf(resource) ?? throw Refused($"no setting of the stack controls {resource}", "Leave out -Stack, or this limit");

        HaClusterException Refused(string problem, string advice) => new(FailureKind.InvalidInput, "", $"namespace {@namespace}", problem, advice);
    });

    /// <summary>Text as a YAML scalar in quotes, which reads as text whatever it looks like.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static StackSite Site(string stack, string name, ConfigValue value)
    {
        var entries = value is ConfigValue.Map map ? map.Entries : ImmutableSortedDictionary<string, ConfigValue>.Empty;
        var domain = entries.GetValueOrDefault("domain")?.ToConfigText() ?? "";
        return new StackSite(
            stack, name, entries.GetValueOrDefault("image")?.ToConfigText() ?? "", domain, Number(entries, "minReplicas"), Number(entries, "maxReplicas"),
            domain.Length > 0 ? $"https://{domain}/" : "", "Declared", "");
    }

    private static int? Number(ImmutableSortedDictionary<string, ConfigValue> entries, string name) =>
        entries.GetValueOrDefault(name) is ConfigValue.Integer { Value: var number } ? (int)number : null;

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnreadableInputException exception)
        {
            throw new HaClusterException(FailureKind.InvalidInput, "", "", exception.Message, "", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HaClusterException(FailureKind.InvalidInput, "", "", exception.Message, "Check the path and its permissions", exception);
        }
    }

    private StackEdit Edit(string stack, Func<StackFile, string> change) => Reading(() =>
    {
        var file = StackFile.ForStack(_project, stack);
        return new StackEdit(file.Path, file.Text, change(file));
    });

    private StackInfo Describe(string stack)
    {
        try
        {
            return Get(stack);
        }
        catch (HaClusterException exception)
        {
            return new StackInfo(stack, "", "", _project.Name, [], Path.Combine(Directory, $"Pulumi.{stack}.yaml"), default, exception.Message);
        }
    }

    private StackInfo Describe(string stack, StackFile file) => new(
        stack,
        file.Config.GetValueOrDefault(Key("name"))?.ToConfigText() ?? $"{_project.Name}-{stack}",
        file.Config.GetValueOrDefault("aws:region")?.ToConfigText() ?? "",
        _project.Name,
        [.. SitesOf(file)?.Entries.Keys ?? []],
        file.Path,
        File.GetLastWriteTimeUtc(file.Path),
        "");

    private ConfigValue.Map? SitesOf(StackFile file) => file.Config.GetValueOrDefault(Key(Sites)) as ConfigValue.Map;

    private string Key(string setting) => $"{_project.Name}:{setting}";
}

/// <summary>A change of a stack file that is not written yet.</summary>
public sealed record StackEdit(string Path, string Before, string After)
{
    /// <summary>What is different, one line each, with <c>-</c> and <c>+</c>.</summary>
    public string Difference
    {
        get
        {
            var (before, after) = (Before.Split('\n'), After.Split('\n'));
            var head = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
            var tail = before.Reverse().Zip(after.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
            tail = Math.Min(tail, Math.Min(before.Length, after.Length) - head);
            return string.Join('\n', before[head..^tail].Select(line => $"- {line}").Concat(after[head..^tail].Select(line => $"+ {line}")));
        }
    }

    /// <summary>Replaces the file as a whole or not at all.</summary>
    /// <exception cref="HaClusterException">It was changed meanwhile, or cannot be written.</exception>
    public void Write() => Replace(Before, After);

    /// <summary>Puts the file back as it was.</summary>
    /// <exception cref="HaClusterException">It was changed meanwhile, or cannot be written.</exception>
    public void Undo() => Replace(After, Before);

    private void Replace(string from, string to)
    {
        try
        {
            if (!StackFile.Replace(Path, from, to))
                throw new HaClusterException(FailureKind.Conflict, "", Path, "it was changed in the meantime; nothing was written", "Run it again");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HaClusterException(FailureKind.InvalidInput, "", Path, $"cannot be written: {exception.Message}", "Check its permissions and the free space on the disk", exception);
        }
    }
}
