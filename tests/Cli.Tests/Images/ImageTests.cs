using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace HaCluster.Cli.Tests.Images;

/// <summary>The image of the sentinel as a registry has it: pulled by its digest, looked at, unpacked and run.</summary>
[Collection(BuiltImagesCollection.Name)]
public sealed class ImageTests(BuiltImages built)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "busybox", "zsh", "env", "perl", "python3"];

    [SkippableFact]
    public void One_commit_has_one_digest_wherever_it_is_built()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        Assert.Equal(BuiltImages.Sentinel(built.FirstDocument).GetProperty("digest").GetString(), BuiltImages.Sentinel(built.SecondDocument).GetProperty("digest").GetString());
    }

    [SkippableFact]
    public async Task The_registry_has_it_under_the_digest_and_the_version_that_were_printed()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var image = BuiltImages.Sentinel(built.SecondDocument);
        var digest = image.GetProperty("digest").GetString();
        Assert.Equal(digest, (await built.Registry.GetAsync($"team/sentinel/manifests/{image.GetProperty("version").GetString()}")).Digest);
        Assert.Equal($"{built.Registry.Host}/team/sentinel:{image.GetProperty("version").GetString()}@{digest}", image.GetProperty("reference").GetString());
    }

    [SkippableFact]
    public async Task It_runs_as_a_numbered_user_and_says_where_it_comes_from()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var config = (await ConfigAsync()).GetProperty("config");
        Assert.Equal("1654:1654", config.GetProperty("User").GetString());
        Assert.Equal(["/app/sentinel"], config.GetProperty("Entrypoint").EnumerateArray().Select(word => word.GetString()));
        Assert.False(config.TryGetProperty("Cmd", out _));
        var labels = config.GetProperty("Labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString());
        Assert.Equal("1.0.0", labels["org.opencontainers.image.version"]);
        Assert.Matches("^[0-9a-f]{40}\\z", labels["org.opencontainers.image.revision"]!);
        Assert.Equal("https://git.example.com/team/ha-cluster", labels["org.opencontainers.image.source"]);
        Assert.Equal("2026-01-02T03:04:05Z", labels["org.opencontainers.image.created"]);
        Assert.Equal(built.Base, labels["org.opencontainers.image.base.name"]);
        Assert.DoesNotContain(labels, label => label.Value!.Contains("secret", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task It_has_the_program_and_no_shell()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var layers = await LayersAsync();
        Assert.DoesNotContain(layers.SelectMany(layer => layer), file => Shells.Contains(Path.GetFileName(file)));
        // What the build leaves beside the program has no place in the image.
        Assert.Equal(["app", "app/sentinel"], layers[^1]);
    }

    [SkippableFact]
    public async Task Its_program_answers_as_a_user_other_than_root_on_a_root_that_cannot_be_written()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        using var scratch = new Scratch();
        var root = scratch.At("root");
        Directory.CreateDirectory(root);
        foreach (var layer in await BlobsOfLayersAsync())
            await Unpack(layer, root);
        var port = Waiting.FreePort();
        using var sentinel = RunningProgram.Start("bash", ["-c", Confined(root, $"/app/sentinel --listen=127.0.0.1:{port} --chain=ethereum --network=mainnet --client=geth --rpc=http://127.0.0.1:1")]);
        using var http = new HttpClient();
        var metrics = "";
        await Waiting.UntilAsync(
            "the sentinel of the image answers",
            async () =>
            {
                Skip.If(sentinel.Text.Contains("unshare failed", StringComparison.Ordinal), "needs the right to make namespaces");
                Assert.False(sentinel.HasEnded, sentinel.Text);
                return (metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))).Length > 0;
            },
            () => sentinel.Text);
        Assert.Contains("sentinel_build_info{", metrics, StringComparison.Ordinal);
        Assert.Contains("root is read-only", sentinel.Text, StringComparison.Ordinal);
        var user = (await File.ReadAllLinesAsync($"/proc/{sentinel.Id}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.NotEqual("0", user);
    }

    /// <summary>
    /// What a container engine does of it: a root of its own that cannot be written, devices (.NET reads /dev/urandom), and the user of the image. Whoever is not root keeps their own user, which
    /// is another one than root too.
    /// </summary>
    private static string Confined(string root, string command)
    {
        var (space, user) = Environment.UserName == "root" ? ("--mount", "--userspec=1654:1654") : ("--mount --user --map-current-user --keep-caps", "");
        return $"""
            exec unshare {space} bash -c 'set -e; mount --bind "{root}" "{root}"; mkdir -p "{root}/dev"; mount --rbind /dev "{root}/dev"; mount -o remount,ro,bind "{root}"
                if touch "{root}/new" 2>/dev/null; then echo "root can be written"; exit 9; fi; echo "root is read-only"
                exec chroot {user} "{root}" {command}'
            """;
    }

    private async Task<JsonElement> ManifestAsync() =>
        JsonDocument.Parse((await built.Registry.GetAsync($"team/sentinel/manifests/{BuiltImages.Sentinel(built.SecondDocument).GetProperty("digest").GetString()}")).Content).RootElement;

    private async Task<JsonElement> ConfigAsync() =>
        JsonDocument.Parse((await built.Registry.GetAsync($"team/sentinel/blobs/{(await ManifestAsync()).GetProperty("config").GetProperty("digest").GetString()}")).Content).RootElement;

    private async Task<List<byte[]>> BlobsOfLayersAsync()
    {
        var blobs = new List<byte[]>();
        foreach (var layer in (await ManifestAsync()).GetProperty("layers").EnumerateArray())
            blobs.Add((await built.Registry.GetAsync($"team/sentinel/blobs/{layer.GetProperty("digest").GetString()}")).Content);
        return blobs;
    }

    private async Task<List<List<string>>> LayersAsync()
    {
        var layers = new List<List<string>>();
        foreach (var blob in await BlobsOfLayersAsync())
        {
            using var reader = new TarReader(new GZipStream(new MemoryStream(blob), CompressionMode.Decompress));
            var files = new List<string>();
            while (await reader.GetNextEntryAsync() is { } entry)
                files.Add(entry.Name.TrimEnd('/'));
            layers.Add(files);
        }

        return layers;
    }

    private static async Task Unpack(byte[] layer, string root)
    {
        await using var stream = new GZipStream(new MemoryStream(layer), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(stream, root, overwriteFiles: true);
    }
}
