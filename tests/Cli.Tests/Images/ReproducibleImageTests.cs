using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using HaCluster.Cli.Images;

namespace HaCluster.Cli.Tests.Images;

/// <summary>What is left of the time of a build: nothing.</summary>
public sealed class ReproducibleImageTests : IDisposable
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly (string, string)[] Files = [("app/service", "program"), ("app/a.json", "{}")];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Time_and_order_of_the_files_make_no_difference()
    {
        var (monday, friday) = (Made(Monday, Files), Made(Monday.AddDays(4), Files.Reverse()));
        Assert.NotEqual(monday.Digest, friday.Digest);
        Assert.Equal(ReproducibleImage.Of(monday, _scratch.Path).Digest, ReproducibleImage.Of(friday, _scratch.Path).Digest);
    }

    [Fact]
    public void Another_file_text_or_commit_makes_one()
    {
        var first = ReproducibleImage.Of(Made(Monday, Files), _scratch.Path).Digest;
        Assert.NotEqual(first, ReproducibleImage.Of(Made(Monday, [("app/service", "Program"), Files[1]]), _scratch.Path).Digest);
        Assert.NotEqual(first, ReproducibleImage.Of(Made(Monday, [("app/servant", "program"), Files[1]]), _scratch.Path).Digest);
        Assert.NotEqual(first, ReproducibleImage.Of(MadeImage.Of(_scratch, Monday, Files, commit: "2026-01-02T03:04:06Z"), _scratch.Path).Digest);
    }

    [Fact]
    public void Its_files_keep_their_text_and_rights_and_the_layers_below_stay()
    {
        var made = Made(Monday, Files);
        var image = ReproducibleImage.Of(made, _scratch.Path);
        Assert.Equal(made.Layers[0], image.Layers[0]);
        using var tar = new GZipStream(File.OpenRead(image.Layers[1].Path), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        tar.CopyTo(plain);
        plain.Position = 0;
        using var reader = new TarReader(plain, leaveOpen: true);
        var entries = new List<(string Name, string Text, UnixFileMode Mode, DateTimeOffset Time)>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add((entry.Name, new StreamReader(entry.DataStream!).ReadToEnd(), entry.Mode, entry.ModificationTime));
        Assert.Equal(
            [("app/a.json", "{}"), ("app/service", "program")], entries.Select(entry => (entry.Name, entry.Text)));
        Assert.All(entries, entry => Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserExecute, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), (entry.Mode, entry.Time)));
        // What an engine checks after it has unpacked the layer.
        var config = JsonDocument.Parse(File.ReadAllBytes(image.Config.Path)).RootElement;
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(plain.ToArray()))}", config.GetProperty("rootfs").GetProperty("diff_ids")[1].GetString());
        Assert.Equal(["2020-01-01T00:00:00Z", "2026-01-02T03:04:05Z"], config.GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("created").GetString()));
    }

    [Fact]
    public void An_image_that_does_not_say_when_its_commit_was_is_refused() =>
        Assert.Contains("org.opencontainers.image.created", Assert.Throws<InvalidDataException>(() => ReproducibleImage.Of(MadeImage.Of(_scratch, Monday, Files, commit: "yesterday-ish"), _scratch.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_archive_that_is_read_again_is_the_same_image()
    {
        var image = ReproducibleImage.Of(Made(Monday, Files), _scratch.Path);
        using (var file = File.Create(_scratch.At("image.tar")))
            ImageLayout.Write(image, file);
        var read = ImageLayout.Read(_scratch.At("image.tar"), Directory.CreateDirectory(_scratch.At("read")).FullName);
        Assert.Equal((image.Name, image.Tag, image.Digest, image.Size), (read.Name, read.Tag, read.Digest, read.Size));
        Assert.Equal(image.Layers.Select(layer => layer.Digest), read.Layers.Select(layer => Blob.Of(layer.MediaType, layer.Path).Digest));
    }

    private ContainerImage Made(DateTimeOffset clock, IEnumerable<(string, string)> files) => MadeImage.Of(_scratch, clock, files);
}
