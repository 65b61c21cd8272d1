using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HaCluster.Operations.Kubernetes;

/// <summary>A service of the cluster that serves TLS with a certificate of the cluster's own authority (infra/Stack/Platform/InternalCertificate).</summary>
/// <param name="Port">Name of the port in the service.</param>
/// <param name="CertificateSecret">Secret of its certificate, in its namespace; the authority is its <c>ca.crt</c>.</param>
public sealed record TunnelTarget(string Namespace, string Service, string Port, string CertificateSecret)
{
    /// <summary>The name that its certificate has to have.</summary>
    public string Host => $"{Service}.{Namespace}.svc";

    public override string ToString() => $"service {Namespace}/{Service}";
}

/// <summary>
/// HTTPS to a service of the cluster from outside of it, through port-forward to one of its ready pods. TLS ends in the pod, and its certificate is verified: a bearer token
/// can be sent, which the API server's proxy would take away.
/// </summary>
/// <remarks>The caller has to be allowed to get the service and the secret, to list pods, and to create <c>pods/portforward</c> (get it, too, before Kubernetes 1.35).</remarks>
public sealed class PodTunnel : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly IKubernetesApi _api;
    private readonly TunnelTarget _target;
    private readonly IReadOnlyList<(string Name, int Port)> _pods;
    private readonly X509Certificate2Collection _authorities;
    private int _first;

    private PodTunnel(IKubernetesApi api, TunnelTarget target, IReadOnlyList<(string Name, int Port)> pods, X509Certificate2Collection authorities)
    {
        (_api, _target, _pods, _authorities) = (api, target, pods, authorities);
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.AddRange(authorities);
        var connections = new SocketsHttpHandler
        {
            ConnectCallback = (_, token) => ConnectAsync(token),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain },
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        Client = new HttpClient(new TunnelHandler(this, connections)) { BaseAddress = new Uri($"https://{target.Host}"), Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Sends to the service, by paths that begin with a slash. Answers are read whole. Calls fail with <see cref="HaClusterException"/>, and are answered whatever their status.
    /// </summary>
    public HttpClient Client { get; }

    /// <exception cref="HaClusterException">The service, its certificate or a ready pod of it is missing, or may not be read.</exception>
    public static async Task<PodTunnel> OpenAsync(IKubernetesApi api, TunnelTarget target, CancellationToken cancellationToken)
    {
        var found = await ServicePods.FindAsync(api, target.Namespace, target.Service, cancellationToken)
            ?? throw new HaClusterException(FailureKind.NotFound, "get services", $"{target}", "the cluster does not have it", "Check whether the stack declares it");
        var pods = found.Ready.Select(pod => (pod.Metadata.Name, Port: found.PortOf(pod, target.Port))).Where(pod => pod.Port is not null).Select(pod => (pod.Name, pod.Port!.Value)).ToList();
        if (pods.Count == 0)
        {
            throw new HaClusterException(
                FailureKind.Unreachable, "list pods", $"{target}", $"none of its {found.Pods.Count} pods is ready and has the port {target.Port}", "Check its pods first: Get-HaWorkload");
        }

        return new PodTunnel(api, target, pods, await ReadAuthoritiesAsync(api, target, cancellationToken));
    }

    public void Dispose()
    {
        Client.Dispose();
        foreach (var authority in _authorities)
            authority.Dispose();
    }

    private static async Task<X509Certificate2Collection> ReadAuthoritiesAsync(IKubernetesApi api, TunnelTarget target, CancellationToken cancellationToken)
    {
        var secret = await api.FindAsync(Kinds.Secrets, target.Namespace, target.CertificateSecret, cancellationToken);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(secret?.Data?.TryGetValue("ca.crt", out var text) == true ? text : []));
        }
        catch (CryptographicException)
        {
            // As without it.
        }

        return authorities.Count > 0 ? authorities : throw new HaClusterException(
            FailureKind.NotFound, "get secrets", $"Secret {target.Namespace}/{target.CertificateSecret}", secret is null ? "it does not exist" : "its ca.crt is not a certificate",
            $"cert-manager writes it for the certificate of {target}: check the Certificate {target.CertificateSecret} there");
    }

    /// <summary>Connects to the first pod that the API server reaches, beginning with the one that answered last.</summary>
    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var (name, port) = _pods[_first % _pods.Count];
            try
            {
                return await _api.ForwardAsync(_target.Namespace, name, port, cancellationToken);
            }
            catch (HaClusterException exception) when (tried < _pods.Count && (exception.IsTransient || exception.Kind == FailureKind.NotFound))
            {
                Interlocked.Increment(ref _first);
            }
        }
    }

    /// <summary>Turns what can go wrong into failures that say what to do, and goes on to the next pod where one does not take connections.</summary>
    private sealed class TunnelHandler(PodTunnel tunnel, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Timeout);
            for (var tried = 1; ; tried++)
            {
                try
                {
                    var response = await base.SendAsync(request, limit.Token);
                    await response.Content.LoadIntoBufferAsync(limit.Token);
                    return response;
                }
                // Nothing was sent: TLS did not come about, because nothing listens behind the port.
                catch (HttpRequestException exception) when (
                    tried < tunnel._pods.Count && exception is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException })
                {
                    Interlocked.Increment(ref tunnel._first);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Translate($"{request.Method} {request.RequestUri?.AbsolutePath}", exception) is { } failure)
                {
                    throw failure;
                }
            }
        }

        private HaClusterException? Translate(string call, Exception exception) => exception switch
        {
            HttpRequestException { InnerException: HaClusterException failure } => failure,
            HttpRequestException { InnerException: AuthenticationException inner } => new HaClusterException(
                FailureKind.Unreachable, call, $"{tunnel._target}", $"its certificate is not trusted: {inner.Message.TrimEnd('.')}",
                $"It must be for {tunnel._target.Host}, and issued by the authority in ca.crt of the Secret {tunnel._target.CertificateSecret}", exception),
            HttpRequestException or IOException => new HaClusterException(
                FailureKind.Unreachable, call, $"{tunnel._target}", $"the connection failed: {exception.GetBaseException().Message.TrimEnd('.')}", "Check the logs of its pods", exception),
            OperationCanceledException => new HaClusterException(
                FailureKind.TimedOut, call, $"{tunnel._target}", $"no answer within {Timeout.TotalSeconds:0} s", "Try again, or ask for less", exception),
            _ => null,
        };
    }
}
