using System.Text.Json;
using HaCluster.Cli.Images;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Images;

/// <summary><c>ha images</c> as somebody uses it who deploys the cluster.</summary>
[Collection(BuiltImagesCollection.Name)]
public sealed class ImagesCommandTests(BuiltImages built) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void The_last_things_that_a_push_prints_are_the_settings_to_write()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        string[] settings =
        [
            $"  ha-cluster:chains:\n    images:\n      sentinel: {ReferenceOf(built.SecondDocument, "sentinel")}\n",
            $"  ha-cluster:logging:\n    finance:\n      image: {ReferenceOf(built.SecondDocument, "ledger")}\n",
            $"  ha-cluster:payments:\n    image: {ReferenceOf(built.SecondDocument, "payments")}\n",
        ];
        var printed = built.Pushed.Output[built.Pushed.Output.LastIndexOf("config:\n", StringComparison.Ordinal)..];
        Assert.All(settings, setting => Assert.Contains(setting, printed, StringComparison.Ordinal));
        Assert.Equal("config:\n".Length + settings.Sum(setting => setting.Length), printed.Length);
    }

    [SkippableFact]
    public void A_stack_with_the_setting_that_was_written_runs_that_image_on_its_chain_nodes()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var settings = _scratch.Write("Pulumi.chains.yaml", "config:\n  aws:region: eu-central-1\n  # Two chains.\n  ha-cluster:chains:\n    enabled: true\n");
        var document = _scratch.At("images.json");
        string[] push = ["images", "--base", built.Base, "--push", $"{built.Registry.Host}/tiny", "--settings", settings, "--write", "--yes", "--json", document];
        var written = built.Run(built.Tiny, push);
        Assert.True(written.ExitCode == 0, written.Error);
        var reference = ReferenceOf(JsonDocument.Parse(File.ReadAllText(document)).RootElement, "sentinel");
        Assert.Contains($"sentinel: {reference}", File.ReadAllText(settings), StringComparison.Ordinal);
        Assert.Contains("# Two chains.", File.ReadAllText(settings), StringComparison.Ordinal);
        var plan = Ha.Answer("plan", "--settings", settings, "--json");
        Assert.True(plan.ExitCode == 0, plan.Error);
        Assert.Contains($"\"{reference}\"", plan.Output, StringComparison.Ordinal);
        Assert.Contains($"{settings} already has these image digests", built.Run(built.Tiny, push).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void An_archive_is_for_podman_and_skopeo_and_equal_images_are_equal_files()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var archive = Path.Combine(built.First, "out", "sentinel-1.0.0.tar");
        var image = ImageLayout.Read(archive, Directory.CreateDirectory(_scratch.At("read")).FullName);
        Assert.Equal(BuiltImages.Sentinel(built.FirstDocument).GetProperty("digest").GetString(), image.Digest);
        using var again = new MemoryStream();
        ImageLayout.Write(image, again);
        Assert.Equal(File.ReadAllBytes(archive), again.ToArray());
    }

    [SkippableFact]
    public async Task A_login_of_docker_is_enough_to_push()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        using var registry = await Registry.StartAsync(_scratch, asksWho: true);
        var environment = registry.Login(_scratch, $"{Registry.User}:{Registry.Password}");
        environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = built.Registry.Host;
        var result = Ha.Run(built.Tiny, environment, "images", "--base", built.Base, "--push", registry.Host, "--strict");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains($"Pushed: {registry.Host}/sentinel:1.0.0@sha256:", result.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Changes_that_are_in_no_commit_are_said_and_strict_refuses_them()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var readme = Path.Combine(built.Tiny, "global.json");
        File.AppendAllText(readme, "\n");
        try
        {
            var result = built.Run(built.Tiny, "images", "--base", built.Base, "--strict");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("sentinel has changes that are in no commit", result.Output, StringComparison.Ordinal);
            Assert.Contains("1 warning, which --strict does not allow", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.WriteAllText(readme, File.ReadAllText(readme)[..^1]);
        }
    }

    [SkippableFact]
    public void A_base_that_does_not_exist_ends_with_3_and_no_stack_trace()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var result = built.Run(built.Tiny, "images", "--base", $"{built.Registry.Host}/nothing:1");
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"error: the base image {built.Registry.Host}/nothing:1 cannot be fetched; check --base\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_full_disk_ends_with_6_and_leaves_no_half_archive()
    {
        Skip.If(BuiltImages.Missing is not null, BuiltImages.Missing);
        var small = Directory.CreateDirectory(_scratch.At("small")).FullName;
        var result = Ha.Shell(
            built.Tiny,
            $"unshare --mount --map-root-user bash -c 'mount -t tmpfs -o size=1m tmpfs \"{small}\" && DOTNET_CONTAINER_INSECURE_REGISTRIES={built.Registry.Host} dotnet \"{Ha.Assembly}\" images --base {built.Base} --archive \"{small}\"; code=$?; ls -A \"{small}\"; exit $code'");
        Skip.If(result.Error.Contains("unshare failed", StringComparison.Ordinal), "needs the right to make namespaces");
        Assert.True(result.ExitCode == 6, result.Error);
        Assert.Contains("-1.0.0.tar cannot be written: No space left on device", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".tar", result.Output, StringComparison.Ordinal);
    }

    private static string ReferenceOf(JsonElement document, string image) => BuiltImages.Of(document, image).GetProperty("reference").GetString()!;
}
