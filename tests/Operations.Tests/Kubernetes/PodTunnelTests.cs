using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Workloads.Tests.Chains;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HaCluster.Operations.Tests.Kubernetes;

/// <summary>HTTPS to a pod through port-forward: TLS ends in the pod, and its certificate decides.</summary>
public sealed class PodTunnelTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TunnelTarget Target = new("shop", "web", "https", "web-tls");
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A_request_reaches_the_pod_with_its_token()
    {
        await using var web = await WebAsync(_authority.Issue("web", "web.shop.svc"));
        await using var cluster = await ClusterAsync(_authority, web);
        using var api = cluster.Open();
        using var tunnel = await PodTunnel.OpenAsync(api, Target, None);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hello?a=1") { Headers = { Authorization = new("Bearer", "secret") } };

        using var answer = await tunnel.Client.SendAsync(request, None);

        Assert.Equal((HttpStatusCode.Accepted, "web.shop.svc /hello?a=1 Bearer secret"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(None)));
    }

    [Theory]
    [InlineData(true, "web.other.svc", "RemoteCertificateNameMismatch")]
    [InlineData(false, "web.shop.svc", "errors in the certificate chain")]
    public async Task Nothing_is_sent_to_a_pod_whose_certificate_is_not_that_of_the_service(bool isByAuthority, string name, string reason)
    {
        using var other = new Authority();
        await using var web = await WebAsync((isByAuthority ? _authority : other).Issue(name));
        await using var cluster = await ClusterAsync(_authority, web);
        using var api = cluster.Open();
        using var tunnel = await PodTunnel.OpenAsync(api, Target, None);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => tunnel.Client.GetAsync("/", None));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
        Assert.StartsWith("service shop/web: its certificate is not trusted", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_takes_no_connections_is_passed_over()
    {
        await using var web = await WebAsync(_authority.Issue("web.shop.svc"));
        await using var cluster = await ClusterAsync(_authority, null, web);
        using var api = cluster.Open();
        using var tunnel = await PodTunnel.OpenAsync(api, Target, None);

        using var answer = await tunnel.Client.GetAsync("/", None);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task When_no_pod_takes_connections_the_kubelet_says_why()
    {
        await using var cluster = await ClusterAsync(_authority, null, null);
        using var api = cluster.Open();
        using var tunnel = await PodTunnel.OpenAsync(api, Target, None);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => tunnel.Client.GetAsync("/", None));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
        Assert.Contains("error forwarding port 8443 to pod web-1", failure.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "web-tls", "the cluster does not have it")]
    [InlineData("web", "none", "it does not exist")]
    [InlineData("web", "empty-tls", "its ca.crt is not a certificate")]
    public async Task What_is_missing_is_named(string service, string secret, string problem)
    {
        await using var web = await WebAsync(_authority.Issue("web.shop.svc"));
        await using var cluster = await ClusterAsync(_authority, web);
        using var api = cluster.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => PodTunnel.OpenAsync(api, Target with { Service = service, CertificateSecret = secret }, None));

        Assert.Equal((FailureKind.NotFound, problem), (failure.Kind, failure.Problem));
    }

    [Fact]
    public async Task A_service_without_a_ready_pod_cannot_be_reached()
    {
        await using var cluster = await ClusterAsync(_authority);
        using var api = cluster.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => PodTunnel.OpenAsync(api, Target, None));

        Assert.Equal((FailureKind.Unreachable, "none of its 0 pods is ready and has the port https"), (failure.Kind, failure.Problem));
    }

    /// <summary>Says who was called for what, and with which token.</summary>
    private static async Task<WebApplication> WebAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var application = builder.Build();
        application.Run(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsync($"{context.Request.Host} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization}");
        });
        await application.StartAsync(None);
        return application;
    }

    /// <summary>The pods web-0, web-1 and so on; one without a program takes no connections.</summary>
    private static async Task<TwinCluster> ClusterAsync(Authority authority, params WebApplication?[] pods)
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("shop");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.Add("services", """
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web", "namespace": "shop" },
              "spec": { "selector": { "app": "web" }, "ports": [ { "name": "metrics", "port": 9090 }, { "name": "https", "port": 443, "targetPort": "tls" } ] } }
            """);
        foreach (var (name, text) in new[] { ("web-tls", authority.Pem), ("empty-tls", "nothing") })
        {
            cluster.Add("secrets", $$"""
                { "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "{{name}}", "namespace": "shop" }, "data": { "ca.crt": "{{Convert.ToBase64String(Encoding.ASCII.GetBytes(text))}}" } }
                """);
        }

        for (var at = 0; at < pods.Length; at++)
        {
            cluster.Add("pods", $$"""
                { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web-{{at}}", "namespace": "shop", "labels": { "app": "web" } },
                  "spec": { "nodeName": "n1", "containers": [ { "name": "web", "ports": [ { "name": "tls", "containerPort": 8443 } ] } ] },
                  "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ] } }
                """);
            if (pods[at] is { } web)
                cluster.Server.Ports.Add("shop", $"web-{at}", 8443, new IPEndPoint(IPAddress.Loopback, new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port));
        }

        return cluster;
    }
}
