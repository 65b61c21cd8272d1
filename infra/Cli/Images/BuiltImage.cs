using System.Text.Json;

namespace HaCluster.Cli.Images;

/// <summary>An image, and where it went.</summary>
/// <param name="Archive">Null where none was asked for.</param>
/// <param name="Reference">What a pod writes to get it; null where it was not pushed.</param>
internal sealed record BuiltImage(ContainerImage Image, string? Archive, string? Reference);

/// <summary>The images as JSON.</summary>
internal static class ImagesDocument
{
    public const string Format = "hacluster.images/1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    public static void Write(Stream stream, IEnumerable<BuiltImage> built)
    {
        JsonSerializer.Serialize(stream, new
        {
            Format,
            Images = built.Select(each => new
            {
                each.Image.Name,
                Version = each.Image.Tag,
                each.Image.Digest,
                each.Image.Size,
                each.Image.Platform,
                each.Image.User,
                each.Image.Revision,
                each.Image.Base,
                each.Archive,
                each.Reference,
                each.Image.Setting,
            }),
        }, Options);
        stream.WriteByte((byte)'\n');
    }
}
