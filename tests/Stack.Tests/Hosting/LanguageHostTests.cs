using System.Text.Json;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Settings;
using HaCluster.Stack.Tests.Wire;

namespace HaCluster.Stack.Tests.Hosting;

/// <summary>
/// What pulumi-language-dotnet does with the program's folder before it runs the program: the same commands, and the same reading of what they print
/// (https://github.com/pulumi/pulumi-dotnet/blob/v3.112.1/pulumi-language-dotnet/main.go, GetRequiredPackages).
/// </summary>
public sealed class LanguageHostTests : IDisposable
{
    private readonly DirectoryInfo _artifacts = Directory.CreateTempSubdirectory("language-host-");

    private static string Program => Path.Combine(StackFile.Root, "infra", "Stack");

    public void Dispose() => _artifacts.Delete(recursive: true);

    [Fact]
    public async Task It_builds_the_program_and_finds_the_providers_with_their_versions()
    {
        await RunAsync("build", "-nologo", Program);
        var packages = Packages(await RunAsync("list", Program, "package", "--include-transitive"));
        // Without any the host ends with "Program does not appear to reference any 'Pulumi.*' packages".
        Assert.NotEmpty(packages);
        var folder = Folder(await RunAsync("nuget", "locals", "global-packages", "--list"));

        var plugins = packages.Select(package => Plugin(folder, package.Name, package.Version)).OfType<(string, string)>();

        Assert.Equal([("aws", SchemaVersion("Aws")), ("kubernetes", SchemaVersion("Kubernetes"))], plugins.Order());
        var page = File.ReadAllText(Path.Combine(StackFile.Root, "infra", "Sdk", "README.md"));
        Assert.All(plugins, plugin => Assert.Contains($"pulumi plugin install resource {plugin.Item1} {plugin.Item2}\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_object_is_read_before_a_preview_as_the_warning_about_a_private_endpoint_says()
    {
        var warning = Assert.Single(Notices.For(Configuration.Read("{}").Settings), notice => notice.Contains("publicAccessCidrs", StringComparison.Ordinal));

        Assert.Contains("`pulumi preview --refresh=false`", warning, StringComparison.Ordinal);
        Assert.Contains("\n  refresh: always\n", File.ReadAllText(Path.Combine(StackFile.Root, "Pulumi.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_debugger_finds_the_assembly_under_the_name_of_the_project()
    {
        // buildDebuggingDLL: the first project file in the folder or below.
        var project = Assert.Single(Directory.EnumerateFiles(Program, "*.csproj", SearchOption.AllDirectories));

        Assert.Equal(Path.GetFileNameWithoutExtension(project) + ".dll", Path.GetFileName(typeof(HaClusterStack).Assembly.Location));
    }

    /// <summary>Into a folder of the test's own: the tests of other projects run what is in the checkout's.</summary>
    private async Task<string> RunAsync(params string[] arguments)
    {
        var result = await Dotnet.RunAsync(Program, new Dictionary<string, string?> { ["UseArtifactsOutput"] = "true", ["ArtifactsPath"] = _artifacts.FullName }, arguments);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} exited with {result.ExitCode}:\n{result.Text}");
        return result.Output;
    }

    // A line of a package is "> name requested? resolved". The SDK itself is known and skipped.
    private static (string Name, string Version)[] Packages(string list) =>
    [
        .. from line in list.ReplaceLineEndings("\n").Split('\n')
           let fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
           where fields.Length >= 3 && fields[0] == ">" && fields[1] != "Pulumi"
           select (fields[1], fields[^1]),
    ];

    private static string Folder(string locals)
    {
        const string label = "global-packages:";
        return locals[(locals.IndexOf(label, StringComparison.Ordinal) + label.Length)..].Trim();
    }

    private static (string Name, string Version)? Plugin(string folder, string package, string version)
    {
        var file = Path.Combine(folder, package.ToLowerInvariant(), version, "content", "pulumi-plugin.json");
        if (!File.Exists(file))
            return null;
        var plugin = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        return plugin.GetProperty("resource").GetBoolean() ? (plugin.GetProperty("name").GetString()!, plugin.GetProperty("version").GetString()!) : null;
    }

    /// <summary>The version that every request of the program names.</summary>
    private static string SchemaVersion(string package)
    {
        using var schema = File.OpenRead(Path.Combine(StackFile.Root, "infra", "Sdk", $"Pulumi.{package}", "schema.json"));
        return JsonDocument.Parse(schema).RootElement.GetProperty("version").GetString()!;
    }
}
