using System.Text.Json.Nodes;

namespace HaCluster.Cli.Images;

/// <summary>An image, and where it went.</summary>
/// <param name="Archive">Null where none was asked for.</param>
/// <param name="Reference">What a pod writes to get it; null where it was not pushed.</param>
internal sealed record BuiltImage(ContainerImage Image, string? Archive, string? Reference);

/// <summary>The images as JSON.</summary>
internal static class ImagesDocument
{
    public const string Format = "hacluster.images/1";

    public static JsonObject Of(IEnumerable<BuiltImage> built) => new()
    {
        ["format"] = Format,
        ["images"] = new JsonArray([.. built.Select(each => new JsonObject
        {
            ["name"] = each.Image.Name,
            ["version"] = each.Image.Tag,
            ["digest"] = each.Image.Digest,
            ["size"] = each.Image.Size,
            ["platform"] = each.Image.Platform,
            ["user"] = each.Image.User,
            ["revision"] = each.Image.Revision,
            ["base"] = each.Image.Base,
            ["archive"] = each.Archive,
            ["reference"] = each.Reference,
            ["setting"] = each.Image.Setting,
        })]),
    };
}
