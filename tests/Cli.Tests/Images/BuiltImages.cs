using System.Text.Json;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Images;

/// <summary>
/// The images of all services, built once for the tests of this folder by <c>ha images</c> and pushed; and that of the sentinel from another checkout of the same
/// commit. Native code takes a minute of processor time each, so that what is tested of the command alone builds a <see cref="Tiny"/> service.
/// </summary>
public sealed class BuiltImages : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();

    /// <summary>What cannot be had here; null when nothing is missing.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() ? "needs Linux"
        : Registry.IsMissing ? "needs docker-registry (Debian: docker-registry)"
        : BaseImage.IsMissing ? "needs buildah and unshare (Debian: buildah, util-linux)"
        : Programs.Find("git") is null ? "needs git"
        : Programs.Find("gcc") is null && Programs.Find("clang") is null ? "needs a compiler that links (Debian: gcc)"
        : null;

    internal Registry Registry { get; private set; } = null!;

    internal string Base { get; private set; } = "";

    /// <summary>A folder of its own inside of a folder with blanks, as somebody may have it.</summary>
    internal string First => _scratch.At("first");

    /// <summary>With all services; in the first only the sentinel is checked out.</summary>
    internal string Second => _scratch.At("somewhere else/deeper/second");

    internal string Tiny => _scratch.At("tiny");

    internal HaResult Archived { get; private set; } = null!;

    internal HaResult Pushed { get; private set; } = null!;

    internal JsonElement FirstDocument { get; private set; }

    internal JsonElement SecondDocument { get; private set; }

    internal static JsonElement Sentinel(JsonElement document) => Of(document, "sentinel");

    internal static JsonElement Of(JsonElement document, string name) => document.GetProperty("images").EnumerateArray().Single(image => image.GetProperty("name").GetString() == name);

    public async Task InitializeAsync()
    {
        if (Missing is not null)
            return;
        Registry = await Registry.StartAsync(_scratch);
        Base = await BaseImage.PushAsync(Registry, _scratch);
        await Sources.CommitAsync(First, "https://someone:secret@git.example.com/team/ha-cluster.git", "Sentinel");
        await Sources.CommitAsync(Second, "git@git.example.com:team/ha-cluster.git");
        await Sources.CommitTinyAsync(Tiny, "git@git.example.com:team/ha-cluster.git");
        Archived = Run(First, "images", "--base", Base, "--archive", "out", "--json", "images.json");
        Assert.True(Archived.ExitCode == 0, Archived.Error);
        Pushed = Run(Second, "images", "--base", Base, "--push", $"{Registry.Host}/team", "--json", "images.json");
        Assert.True(Pushed.ExitCode == 0, Pushed.Error);
        FirstDocument = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(First, "images.json"))).RootElement;
        SecondDocument = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Second, "images.json"))).RootElement;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Registry?.Dispose();
        _scratch.Dispose();
    }

    internal HaResult Run(string folder, params string[] arguments) => Ha.Run(folder, new() { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = Registry.Host }, arguments);
}

/// <summary>Tests that share <see cref="BuiltImages"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BuiltImagesCollection : ICollectionFixture<BuiltImages>
{
    public const string Name = "images";
}
