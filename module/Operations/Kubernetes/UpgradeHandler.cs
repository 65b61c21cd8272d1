using System.Net;

namespace HaCluster.Operations.Kubernetes;

/// <summary>Sends the request that opens a WebSocket, and reads why it is refused: <see cref="System.Net.WebSockets.ClientWebSocket"/> keeps no more than the status.</summary>
/// <param name="client">Not disposed here.</param>
internal sealed class UpgradeHandler(HttpClient client, Call call) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            return response;
        using (response)
            throw KubernetesErrors.Of(call, response, await response.Content.ReadAsStringAsync(cancellationToken));
    }
}
