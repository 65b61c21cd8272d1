using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace HaCluster.Account.Wire;

/// <summary>The REST protocols, reading only: JSON (EKS, OpenSearch) and XML (S3).</summary>
internal sealed class RestProtocol(ServiceClient client)
{
    public async Task<JsonElement> GetAsync(
        string operation, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query) =>
        JsonAnswer.Parse(client.Service, operation, await ReadAsync(operation, path, query, cancellationToken));

    public async IAsyncEnumerable<JsonElement> PagesAsync(
        string operation, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await GetAsync(operation, path, cancellationToken, next is null ? [] : [("nextToken", next)]);
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
