using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Images;

/// <summary>
/// Takes out of an image what differs from build to build: the clock in the layer of the service and in the configuration, the number of the process in the
/// headers of the layer, the order of its files. Then one commit has one digest. SDKs with https://github.com/dotnet/sdk/pull/55689 (merged in August 2026)
/// do that themselves; 10.0.401 does not. The layers of the base stay as they are.
/// </summary>
internal static class ReproducibleImage
{
    private const string Created = "org.opencontainers.image.created";

    /// <param name="directory">For the files that are made.</param>
    /// <exception cref="InvalidDataException">The image has no time of its own, or another form than the SDK gives it.</exception>
    public static ContainerImage Of(ContainerImage image, string directory)
    {
        if (image.Label(Created) is not { } created || !DateTimeOffset.TryParse(created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new InvalidDataException($"the image {image.Name} has no label {Created}; infra/Services/Directory.Build.targets gives it the time of the commit");
        var (layer, uncompressed) = Rewrite(image.Layers[^1], time, directory);

        var config = JsonNode.Parse(File.ReadAllBytes(image.Config.Path))!.AsObject();
        var layers = config["rootfs"]?["diff_ids"]?.AsArray();
        if (layers is null || layers.Count != image.Layers.Length)
            throw new InvalidDataException($"the image {image.Name} names other layers in its configuration than in its manifest");
        layers[^1] = uncompressed;
        config["created"] = created;
        // What came with the base has its own time.
        if (config["history"]?.AsArray().LastOrDefault(entry => (bool?)entry?["empty_layer"] is not true) is JsonObject last)
            last["created"] = created;
        var written = Blob.Write(image.Config.MediaType, ImageLayout.Bytes(config), directory);

        var manifest = JsonNode.Parse(File.ReadAllBytes(image.Manifest.Path))!.AsObject();
        manifest["config"] = ImageLayout.Describe(written);
        manifest["layers"]!.AsArray()[^1] = ImageLayout.Describe(layer);
        return image with
        {
            Manifest = Blob.Write(image.Manifest.MediaType, ImageLayout.Bytes(manifest), directory),
            Config = written,
            Layers = image.Layers.SetItem(image.Layers.Length - 1, layer),
        };
    }

    /// <returns>The layer, and the digest of its content before compression, which the configuration names.</returns>
    private static (Blob Layer, string Uncompressed) Rewrite(Blob layer, DateTimeOffset time, string directory)
    {
        var plain = Path.Combine(directory, Guid.NewGuid().ToString("n"));
        using (var source = new GZipStream(File.OpenRead(layer.Path), CompressionMode.Decompress))
        using (var target = File.Create(plain))
            Sort(source, target, time);
        var packed = $"{plain}.gz";
        using (var source = File.OpenRead(plain))
        using (var target = new GZipStream(File.Create(packed), CompressionLevel.Optimal))
            source.CopyTo(target);
        using var content = File.OpenRead(plain);
        return (Blob.Of(layer.MediaType, packed), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}");
    }

    private static void Sort(Stream source, Stream target, DateTimeOffset time)
    {
        var entries = new List<TarEntry>();
        using (var reader = new TarReader(source, leaveOpen: true))
        {
            while (reader.GetNextEntry(copyData: true) is { } entry)
                entries.Add(entry);
        }

        using var writer = new TarWriter(target, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.EntryType is not (TarEntryType.Directory or TarEntryType.RegularFile))
                throw new InvalidDataException($"{entry.Name} of the layer is a {entry.EntryType}; the SDK writes files and folders only");
            var copy = new UstarTarEntry(entry.EntryType, entry.Name) { Mode = entry.Mode, ModificationTime = time };
            if (entry.EntryType == TarEntryType.RegularFile)
                copy.DataStream = entry.DataStream;
            writer.WriteEntry(copy);
        }
    }
}
