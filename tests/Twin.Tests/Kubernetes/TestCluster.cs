using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using k8s;

namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>A store with its API server, a typed client, and raw HTTP for what typed clients cannot send.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin-").FullName;
    private readonly CancellationTokenSource _stop = new();

    private TestCluster(ObjectStore store, ApiServer server)
    {
        (Store, Server) = (store, server);
        server.WriteKubeconfig(Kubeconfig);
        var settings = KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig);
        Client = new k8s.Kubernetes(settings);
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        Http = new HttpClient(handler) { BaseAddress = server.Url };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
    }

    public ObjectStore Store { get; }

    public ApiServer Server { get; }

    public k8s.Kubernetes Client { get; }

    public HttpClient Http { get; }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public string Folder => _folder;

    public static async Task<TestCluster> StartAsync(ApiServerOptions? options = null, StoreOptions? store = null)
    {
        var objects = new ObjectStore(options: store);
        return new(objects, await ApiServer.StartAsync(objects, options));
    }

    /// <summary>Starts the part of a kubelet that deletions wait for.</summary>
    public TestCluster WithKubelets()
    {
        var pods = Store.Kinds["pods"];
        var changes = Store.ListAndWatch(pods).Changes;
        _ = Task.Run(async () =>
        {
            await foreach (var change in changes.ReadAllAsync(_stop.Token))
            {
                if (change.Type != HaCluster.Twin.Storage.WatchEventType.Deleted && change.Object.IsDeleting && Store.Find(pods, change.Object.Namespace, change.Object.Name)?.Uid == change.Object.Uid)
                    Store.Delete(pods, change.Object.Namespace, change.Object.Name, new() { GracePeriodSeconds = 0 });
            }
        });
        return this;
    }

    public void AddNode(string name) => Store.Create(Store.Kinds["nodes"], Json($$"""
        { "metadata": { "name": "{{name}}" }, "status": { "conditions": [{ "type": "Ready", "status": "True" }], "nodeInfo": { "kubeletVersion": "v1.36.0" } } }
        """));

    /// <summary>A ready pod, as a kubelet reports it.</summary>
    public StoredObject AddPod(string name, string node = "node-1", string app = "web", string owner = "")
    {
        var pod = Json($$"""
            {
              "metadata": { "name": "{{name}}", "namespace": "default", "labels": { "app": "{{app}}" } },
              "spec": { "nodeName": "{{node}}", "containers": [{ "name": "main", "image": "web:1" }] },
              "status": { "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] }
            }
            """);
        if (owner.Length > 0)
            pod["metadata"]!["ownerReferences"] = new JsonArray(Json(owner));
        return Store.Create(Store.Kinds["pods"], pod);
    }

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>Sends a request and gives status and body.</summary>
    public async Task<(int Code, JsonObject Body)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new(type);
        }
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, Json(await response.Content.ReadAsStringAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Client.Dispose();
        Http.Dispose();
        await Server.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
