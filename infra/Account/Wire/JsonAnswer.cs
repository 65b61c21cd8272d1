using System.Text.Json;

namespace HaCluster.Account.Wire;

internal static class JsonAnswer
{
    /// <exception cref="AwsCallException">The body is not a JSON object.</exception>
    public static JsonElement Parse(string service, string operation, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new AwsCallException(service, operation, "NotUnderstood", "the response is not valid JSON; a proxy may have answered, or the endpoint is wrong");
    }
}
