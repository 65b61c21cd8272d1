using System.Formats.Tar;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Images;

/// <summary>
/// Images in an archive as skopeo, podman and docker read it: a tar file of the OCI image layout
/// (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). Equal images give equal bytes.
/// </summary>
internal static class ImageLayout
{
    // What podman and skopeo read, and what docker and containerd do.
    private const string Reference = "org.opencontainers.image.ref.name";
    private const string ContainerdReference = "io.containerd.image.name";
    private const string Library = "docker.io/library/";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads what the SDK wrote.</summary>
    /// <param name="directory">An empty directory for the files.</param>
    /// <exception cref="InvalidDataException">It is not an archive of one image.</exception>
    public static ContainerImage Read(string archive, string directory)
    {
        using (var stream = File.OpenRead(archive))
            TarFile.ExtractToDirectory(stream, directory, overwriteFiles: false);
        try
        {
            var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(directory, "index.json")))!;
            var entry = index["manifests"]!.AsArray().Single()!;
            var manifest = Find(directory, entry);
            var content = JsonNode.Parse(File.ReadAllBytes(manifest.Path))!;
            var name = ((string)entry["annotations"]![ContainerdReference]!).Replace(Library, "", StringComparison.Ordinal).Split(':');
            return new ContainerImage(name[0], name[1], manifest, Find(directory, content["config"]!), [.. content["layers"]!.AsArray().Select(layer => Find(directory, layer!))]);
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidOperationException or NullReferenceException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"the SDK wrote an archive that is not an OCI image layout: {exception.Message}", exception);
        }
    }

    public static void Write(ContainerImage image, Stream stream)
    {
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        Add(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        var entry = Describe(image.Manifest);
        entry["annotations"] = new JsonObject { [Reference] = $"{image.Name}:{image.Tag}", [ContainerdReference] = $"{Library}{image.Name}:{image.Tag}" };
        Add(tar, "index.json", Bytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(entry) }));
        // A base can have the same layer twice.
        foreach (var blob in image.Layers.Prepend(image.Config).Prepend(image.Manifest).DistinctBy(blob => blob.Digest))
        {
            using var content = File.OpenRead(blob.Path);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"blobs/{blob.Digest.Replace(':', '/')}") { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch });
        }
    }

    public static JsonObject Describe(Blob blob) => new() { ["mediaType"] = blob.MediaType, ["digest"] = blob.Digest, ["size"] = blob.Size };

    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Plain));

    private static Blob Find(string directory, JsonNode descriptor)
    {
        var path = Path.Combine(directory, "blobs", ((string)descriptor["digest"]!).Replace(':', Path.DirectorySeparatorChar));
        return new Blob((string)descriptor["mediaType"]!, (string)descriptor["digest"]!, new FileInfo(path).Length, path);
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
}
