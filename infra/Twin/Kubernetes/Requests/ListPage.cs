using System.Text;
using System.Text.Json;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>A part of a list.</summary>
/// <param name="Continue">What asks for the next part; null after the last.</param>
/// <param name="Remaining">How many objects follow; null when a selector hides how many.</param>
internal sealed record ListPage(IEnumerable<StoredObject> Items, long ResourceVersion, string? Continue = null, int? Remaining = null);

/// <summary>The opaque token of a client that reads a list in parts: the version that the first part saw, and the last object of the part before.</summary>
internal sealed record ContinueToken(long ResourceVersion, string Namespace, string Name)
{
    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <exception cref="StatusException">400: the token is not one of ours.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            var base64 = text.Replace('-', '+').Replace('_', '/');
            return JsonSerializer.Deserialize<ContinueToken>(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='))) ?? throw new JsonException();
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw StatusException.BadRequest($"continue key is not valid: {text}");
        }
    }

    public bool IsBefore(StoredObject item) =>
        string.CompareOrdinal(item.Namespace ?? "", Namespace) switch { 0 => string.CompareOrdinal(item.Name, Name) > 0, var order => order > 0 };
}
