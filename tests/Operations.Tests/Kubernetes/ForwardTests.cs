using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Workloads.Tests.Chains;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace HaCluster.Operations.Tests.Kubernetes;

/// <summary>Connections to the ports of pods, over the WebSocket of the twin's API server.</summary>
public sealed class ForwardTests
{
    private const int Port = 9443;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Bytes_arrive_in_both_directions_as_they_were_sent()
    {
        using var echo = new EchoServer();
        await using var cluster = await ClusterAsync(echo);
        using var api = cluster.Open();
        var sent = RandomNumberGenerator.GetBytes(1_000_003);

        await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);
        var writing = stream.WriteAsync(sent, None);
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received, None);
        await writing;

        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_read_can_be_cancelled()
    {
        using var echo = new EchoServer();
        await using var cluster = await ClusterAsync(echo);
        using var api = cluster.Open();
        await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);
        using var stop = new CancellationTokenSource();
        var reading = stream.ReadExactlyAsync(new byte[1], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_port_on_which_nothing_listens_is_refused_in_the_words_of_the_kubelet()
    {
        await using var cluster = await ClusterAsync(null);
        using var api = cluster.Open();

        await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);
        var failure = await Assert.ThrowsAsync<IOException>(() => stream.ReadExactlyAsync(new byte[1], None).AsTask());

        Assert.Contains("error forwarding port 9443 to pod web-0", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_the_API_server_says_what_any_other_request_would()
    {
        var visitor = new ApiUser("visitor", "visitor-token") { May = access => access.Resource != "pods/portforward" };
        await using var cluster = await ClusterAsync(null, new ApiServerOptions { Users = [new ApiUser("admin", "admin-token"), visitor] });
        using var api = cluster.Open();
        using var forbidden = cluster.Open(visitor);

        var missing = await Assert.ThrowsAsync<HaClusterException>(() => api.ForwardAsync("shop", "none", Port, None));
        var refused = await Assert.ThrowsAsync<HaClusterException>(() => forbidden.ForwardAsync("shop", "web-0", Port, None));

        Assert.Equal((FailureKind.NotFound, "pods \"none\" not found", "Pod shop/none"), (missing.Kind, missing.Problem, missing.Target));
        Assert.Equal(FailureKind.PermissionDenied, refused.Kind);
        Assert.Contains("permission missing: create pods/portforward", refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_the_API_server_no_longer_accepts_are_loaded_again()
    {
        using var echo = new EchoServer();
        await using var cluster = await ClusterAsync(echo);
        var loaded = 0;
        using var api = new KubernetesApi(_ =>
        {
            var folder = Directory.CreateTempSubdirectory("ha-cluster-tests-");
            var path = Path.Combine(folder.FullName, "kubeconfig");
            cluster.Server.WriteKubeconfig(path, user: loaded++ == 0 ? new ApiUser("old", "old-token") : null);
            var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
            folder.Delete(recursive: true);
            return Task.FromResult(configuration);
        });

        await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);

        Assert.Equal(2, loaded);
    }

    [SkippableFact]
    public async Task The_token_of_an_exec_program_is_sent()
    {
        Skip.If(OperatingSystem.IsWindows(), "the program is a script of sh");
        using var echo = new EchoServer();
        await using var cluster = await ClusterAsync(echo);
        var folder = Directory.CreateTempSubdirectory("ha-cluster-tests-");
        try
        {
            var (kubeconfig, credential) = (Path.Combine(folder.FullName, "kubeconfig"), Path.Combine(folder.FullName, "credential.json"));
            await File.WriteAllTextAsync(credential, $$"""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{cluster.Server.Token}}"} }""", None);
            cluster.Server.WriteKubeconfig(kubeconfig);
            var exec = $$"""exec: { apiVersion: client.authentication.k8s.io/v1, command: cat, args: ["{{credential}}"], interactiveMode: Never }""";
            await File.WriteAllTextAsync(kubeconfig, (await File.ReadAllTextAsync(kubeconfig, None)).Replace($"token: {cluster.Server.Token}", exec, StringComparison.Ordinal), None);
            using var api = new KubernetesApi(token => Kubeconfig.Load(kubeconfig, null).ConfigureAsync(null, token));

            await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_client_certificate_is_shown_and_the_authority_of_the_kubeconfig_decides()
    {
        using var authority = new Authority();
        using var other = new Authority();
        using var client = authority.Issue("ada");
        await using var server = await CertificateServerAsync(authority.Issue("127.0.0.1"));
        var url = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        KubernetesApi Open(Authority trusted) => new(_ => Task.FromResult(new KubernetesClientConfiguration
        {
            Host = url,
            SslCaCerts = [X509Certificate2.CreateFromPem(trusted.Pem)],
            ClientCertificateData = Convert.ToBase64String(Encoding.ASCII.GetBytes(client.ExportCertificatePem())),
            ClientCertificateKeyData = Convert.ToBase64String(Encoding.ASCII.GetBytes(client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())),
        }), FakeApiServer.Quick);
        using var api = Open(authority);
        using var distrustful = Open(other);

        await using var stream = await api.ForwardAsync("shop", "web-0", Port, None);
        using var reader = new StreamReader(stream);
        Assert.Equal(client.Thumbprint, await reader.ReadToEndAsync(None));
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => distrustful.ForwardAsync("shop", "web-0", Port, None));
        Assert.StartsWith("its certificate is not trusted", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_opens_no_WebSocket_is_an_error_that_says_so()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.JsonAsync("{}"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ForwardAsync("shop", "web-0", Port, None));

        Assert.Equal((FailureKind.NotUnderstood, "HTTP 200 without a Kubernetes status"), (failure.Kind, failure.Problem));
    }

    /// <summary>Tells over the forwarded port which certificate the client has shown.</summary>
    private static async Task<WebApplication> CertificateServerAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        })));
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            byte[] port = [Port & 0xFF, Port >> 8];
            foreach (var message in (byte[][])[[0, .. port], [1, .. port], [0, .. Encoding.ASCII.GetBytes(context.Connection.ClientCertificate!.Thumbprint)]])
                await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, context.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await application.StartAsync(None);
        return application;
    }

    private static async Task<TwinCluster> ClusterAsync(EchoServer? echo, ApiServerOptions? options = null)
    {
        var cluster = await TwinCluster.StartAsync((options ?? new ApiServerOptions()) with { RunsDisruptionController = false });
        cluster.AddNamespace("shop");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.Add("pods", """
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web-0", "namespace": "shop" }, "spec": { "nodeName": "n1", "containers": [ { "name": "web" } ] }, "status": { "phase": "Running" } }
            """);
        if (echo is not null)
            cluster.Server.Ports.Add("shop", "web-0", Port, echo.Address);
        return cluster;
    }
}
