using System.Net;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace HaCluster.Account.Wire;

/// <summary>An error as AWS spells it in JSON or XML, or what can be said of an answer that is neither.</summary>
internal sealed record ServiceError(string Code, string Message)
{
    public static ServiceError Read(string body, string? typeHeader, HttpStatusCode status) =>
        OfJson(body, typeHeader) ?? OfXml(body) ?? Unreadable(status);

    private static ServiceError? OfJson(string body, string? typeHeader)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var code = typeHeader is { Length: > 0 } ? typeHeader : TextOf(document.RootElement, "__type") ?? TextOf(document.RootElement, "code");
            // 'AccessDeniedException:http://internal...' and 'com.amazonaws.eks#AccessDeniedException' both mean the name in the middle.
            return code is null
                ? null
                : new ServiceError(code.Split(':')[0].Split('#')[^1], TextOf(document.RootElement, "message") ?? TextOf(document.RootElement, "Message") ?? "");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ServiceError? OfXml(string body)
    {
        try
        {
            var error = XDocument.Parse(body).Descendants().FirstOrDefault(element => element.Name.LocalName == "Error");
            return error?.Child("Code")?.Value is { Length: > 0 } code ? new ServiceError(code, error.Child("Message")?.Value ?? "") : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static ServiceError Unreadable(HttpStatusCode status) =>
        new($"HTTP{(int)status}", $"HTTP {(int)status} with a web page instead of an AWS response; a proxy may have answered, or the endpoint is wrong");

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
