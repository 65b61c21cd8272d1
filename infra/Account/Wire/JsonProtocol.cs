using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Account.Wire;

/// <summary>The JSON protocol (Service Quotas, CloudWatch Logs): the operation is in a header, requests and responses are JSON.</summary>
internal sealed class JsonProtocol(ServiceClient client, AwsService service)
{
    public async Task<JsonElement> CallAsync(string operation, JsonObject parameters, CancellationToken cancellationToken)
    {
        var headers = ImmutableSortedDictionary<string, string>.Empty
            .Add("Content-Type", "application/x-amz-json-1.1")
            .Add("X-Amz-Target", $"{service.Target}.{operation}");
        var body = await client.CallAsync(
            new ServiceCall(operation) { Headers = headers, Content = Encoding.UTF8.GetBytes(parameters.ToJsonString()) }, cancellationToken);
        return JsonAnswer.Parse(client.Service, operation, body);
    }

    /// <param name="tokenName">How requests and responses name the next page.</param>
    public async IAsyncEnumerable<JsonElement> PagesAsync(
        string operation, JsonObject parameters, [EnumeratorCancellation] CancellationToken cancellationToken, string tokenName = "NextToken")
    {
        var next = (JsonObject)parameters.DeepClone();
        while (true)
        {
            var page = await CallAsync(operation, next, cancellationToken);
            yield return page;
            if (!page.TryGetProperty(tokenName, out var token) || token.ValueKind != JsonValueKind.String || token.GetString() is not { Length: > 0 } text)
                yield break;
            next[tokenName] = text;
        }
    }
}
