using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>Between the service and a real node: changes what the node answers.</summary>
/// <param name="change">Gets a request and its answer, as JSON; null: the answer stays.</param>
internal sealed class NodeProxy(Func<JsonNode, JsonNode, HttpResponseMessage?> change) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Requests that were batches.</summary>
    public int Batches { get; private set; }

    public int Requests { get; private set; }

    public static HttpResponseMessage Json(JsonNode body, HttpStatusCode status = HttpStatusCode.OK) => Text(body.ToJsonString(), status);

    public static HttpResponseMessage Text(string body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        Requests++;
        Batches += asked is JsonArray ? 1 : 0;
        var response = await base.SendAsync(request, cancellationToken);
        return change(asked, JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!) ?? response;
    }
}
