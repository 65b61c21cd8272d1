using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Cli.Images;

namespace HaCluster.Cli.Tests.Images;

/// <summary>A small image as the SDK of today makes one: with the clock and the number of the process in it, and its files in the order of the disk.</summary>
internal static class MadeImage
{
    public static ContainerImage Of(Scratch scratch, DateTimeOffset clock, IEnumerable<(string Path, string Text)> files, string commit = "2026-01-02T03:04:05Z", string name = "made")
    {
        Directory.CreateDirectory(scratch.Path);
        var (lower, upper) = (Layer(DateTimeOffset.UnixEpoch, [("etc/passwd", "app:x:1654:1654")]), Layer(clock, files));
        var config = new JsonObject
        {
            ["config"] = new JsonObject { ["User"] = "1654:1654", ["Labels"] = new JsonObject { ["org.opencontainers.image.created"] = commit } },
            ["created"] = clock.ToString("o"),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(lower), Digest(upper)) },
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["history"] = new JsonArray(new JsonObject { ["created"] = "2020-01-01T00:00:00Z" }, new JsonObject { ["created"] = clock.ToString("o"), ["created_by"] = ".NET SDK" }),
        };
        var (configBlob, layers) = (Write(scratch, "config", JsonSerializer.SerializeToUtf8Bytes(config)), new[] { Write(scratch, "layer", Packed(lower)), Write(scratch, "layer", Packed(upper)) });
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ContainerImage.ManifestType,
            ["config"] = ImageLayout.Describe(configBlob),
            ["layers"] = new JsonArray([.. layers.Select(ImageLayout.Describe)]),
        };
        return new ContainerImage(name, "1.0.0", Blob.Write(ContainerImage.ManifestType, JsonSerializer.SerializeToUtf8Bytes(manifest), scratch.Path), configBlob, [.. layers]);
    }

    private static Blob Write(Scratch scratch, string kind, byte[] content) =>
        Blob.Write(kind == "config" ? "application/vnd.oci.image.config.v1+json" : "application/vnd.oci.image.layer.v1.tar+gzip", content, scratch.Path);

    private static byte[] Layer(DateTimeOffset time, IEnumerable<(string Path, string Text)> files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { ModificationTime = time, DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute });
            }
        }

        return stream.ToArray();
    }

    private static byte[] Packed(byte[] tar)
    {
        using var stream = new MemoryStream();
        using (var packing = new GZipStream(stream, CompressionMode.Compress))
            packing.Write(tar);
        return stream.ToArray();
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
