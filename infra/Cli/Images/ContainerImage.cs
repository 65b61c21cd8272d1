using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Images;

/// <summary>A part of an image, named by its content.</summary>
/// <param name="MediaType">As the manifest gives it.</param>
/// <param name="Digest"><c>sha256:</c> and the hash in hexadecimal digits.</param>
/// <param name="Path">The file that has the content.</param>
internal sealed record Blob(string MediaType, string Digest, long Size, string Path)
{
    public static Blob Of(string mediaType, string path)
    {
        using var stream = File.OpenRead(path);
        return new Blob(mediaType, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(stream))}", stream.Length, path);
    }

    /// <param name="directory">Where the file is made.</param>
    public static Blob Write(string mediaType, byte[] content, string directory)
    {
        var path = System.IO.Path.Combine(directory, Guid.NewGuid().ToString("n"));
        File.WriteAllBytes(path, content);
        return Of(mediaType, path);
    }
}

/// <summary>One image of one platform, in files (https://github.com/opencontainers/image-spec).</summary>
/// <param name="Name">Without registry and tag.</param>
/// <param name="Layers">The lowest first; the last one is the service.</param>
internal sealed record ContainerImage(string Name, string Tag, Blob Manifest, Blob Config, ImmutableArray<Blob> Layers)
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly Lazy<JsonNode> _config = new(() => JsonNode.Parse(File.ReadAllBytes(Config.Path))!);

    public string Digest => Manifest.Digest;

    /// <summary>As a registry holds it: compressed, the layers of the base among it.</summary>
    public long Size => Layers.Sum(layer => layer.Size) + Config.Size;

    public string Platform => $"{_config.Value["os"]}/{_config.Value["architecture"]}";

    public string User => (string?)_config.Value["config"]?[nameof(User)] ?? "";

    public string? Label(string name) => (string?)_config.Value["config"]?["Labels"]?[name];

    /// <summary>The commit it was built from; ends with <c>-dirty</c> where files differ from it.</summary>
    public string? Revision => Label("org.opencontainers.image.revision");

    public string? Base => Label("org.opencontainers.image.base.name");

    /// <summary>The setting of a stack file that takes it, such as <c>ha-cluster:chains.images.sentinel</c>.</summary>
    public string? Setting => Label("hacluster.setting");
}
