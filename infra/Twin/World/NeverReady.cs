using System.Text.Json;

namespace HaCluster.Twin.World;

/// <summary>
/// Images that never become ready, so that a failing update and its rollback can be tried: those whose tag is <c>never-ready</c>, such as
/// <c>nginx:never-ready</c>.
/// </summary>
internal static class NeverReady
{
    private const string Tag = ":never-ready";

    /// <param name="template">With a <c>spec</c>.</param>
    public static bool Applies(JsonElement? template) => template is { } value && value.TryGetProperty("spec", out var spec) && spec.TryGetProperty("containers", out var containers)
        && containers.ValueKind == JsonValueKind.Array
        && containers.EnumerateArray().Any(container => container.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.String
            && image.GetString()!.EndsWith(Tag, StringComparison.Ordinal));
}
