using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace HaCluster.Account.Wire;

/// <summary>The REST protocols: JSON (EKS, OpenSearch, zonal shift) and, reading only, XML (S3).</summary>
internal sealed class RestProtocol(ServiceClient client)
{
    public async Task<JsonElement> GetAsync(
        string operation, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query) =>
        JsonAnswer.Parse(client.Service, operation, await ReadAsync(operation, path, query, cancellationToken));

    /// <param name="method"><c>POST</c>, <c>PATCH</c>, <c>DELETE</c>.</param>
    public async Task<JsonElement> SendAsync(string operation, string method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var call = new ServiceCall(operation)
        {
            Method = method,
            Path = path,
            // Without a body HttpClient sends no Content-Type, and a signed header that does not arrive breaks the signature.
            Headers = body is null
                ? ImmutableSortedDictionary<string, string>.Empty
                : ImmutableSortedDictionary<string, string>.Empty.Add("Content-Type", "application/json"),
            Content = body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString()),
        };
        return JsonAnswer.Parse(client.Service, operation, await client.CallAsync(call, cancellationToken));
    }

    public async IAsyncEnumerable<JsonElement> PagesAsync(
        string operation, string path, [EnumeratorCancellation] CancellationToken cancellationToken, params (string Name, string Value)[] query)
    {
        string? next = null;
        do
        {
            var page = await GetAsync(operation, path, cancellationToken, next is null ? query : [.. query, ("nextToken", next)]);
            yield return page;
            next = page.TryGetProperty("nextToken", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        }
        while (next is { Length: > 0 });
    }

    public async Task<XElement> GetXmlAsync(
        string operation, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query)
    {
        try
        {
            return XDocument.Parse(await ReadAsync(operation, path, query, cancellationToken)).Root!;
        }
        catch (XmlException)
        {
            throw new AwsCallException(
                client.Service, operation, "NotUnderstood", "the response is not valid XML; a proxy may have answered, or the endpoint is wrong");
        }
    }

    private Task<string> ReadAsync(string operation, string path, (string Name, string Value)[] query, CancellationToken cancellationToken) =>
        client.CallAsync(
            new ServiceCall(operation)
            {
                Method = "GET",
                Path = path,
                Query = query.ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal),
            },
            cancellationToken);
}
