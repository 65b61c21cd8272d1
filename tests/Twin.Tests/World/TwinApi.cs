using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Tests.World;

/// <summary>A twin whose time stands still between steps, called over HTTP as a client does.</summary>
internal sealed class TwinApi : IAsyncDisposable
{
    private readonly HttpClient _http;

    private TwinApi(LocalTwin twin)
    {
        Twin = twin;
        _http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = twin.Kubernetes.Url };
    }

    public LocalTwin Twin { get; }

    public static async Task<TwinApi> OfAsync(WorldPlan plan) => new(await LocalTwin.StartAsync(plan, WorldClock.Stepped(), new WorldOptions { Seed = 1 }));

    public static Task<TwinApi> OfAsync(SteppedWorld world) => OfAsync(world.World.Plan);

    public void Pass(double seconds) => Twin.World.Advance(TimeSpan.FromSeconds(seconds));

    /// <param name="token">Null for that of the administrator.</param>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Twin.Kubernetes.Token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>A program behind the proxy of a pod.</summary>
    /// <param name="pod">As <c>namespace/name:port</c>.</param>
    public Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(string pod, string path, HttpMethod? method = null, string? body = null) =>
        SendAsync(method ?? HttpMethod.Get, $"/api/v1/namespaces/{pod.Split('/')[0]}/pods/{pod.Split('/')[1]}/proxy{path}", body);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Twin.DisposeAsync();
    }
}
