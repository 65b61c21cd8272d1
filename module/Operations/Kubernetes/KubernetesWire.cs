using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Exceptions;

namespace HaCluster.Operations.Kubernetes;

/// <summary>
/// Sends requests with the credentials and the trust of a KubernetesClient configuration: one time-out per attempt, bounded retries with jitter, new
/// connections after a failure, and one kind of exception.
/// </summary>
/// <param name="configure">Loads the configuration; called again when the server no longer accepts the credentials.</param>
internal sealed class KubernetesWire(
    Func<CancellationToken, Task<KubernetesClientConfiguration>> configure, KubernetesOptions options, TimeProvider time, Action<string>? trace) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loading = new(1);
    private KubernetesClientConfiguration? _configuration;
    private k8s.Kubernetes? _client;
    private bool _isDisposed;

    public KubernetesOptions Options => options;

    public TimeProvider Time => time;

    public Uri Endpoint => new(_configuration?.Host ?? "https://unknown.invalid");

    /// <summary>Sends until it succeeds, is refused, or the attempts are used up.</summary>
    /// <param name="take">Reads the response of a successful request; may be called for several attempts.</param>
    /// <param name="isOurs">Whether an unsuccessful response is an answer too, for <paramref name="take"/>.</param>
    public Task<TResult> SendAsync<TResult>(
        Call call, Func<HttpResponseMessage, CancellationToken, Task<TResult>> take, CancellationToken cancellationToken, Func<HttpResponseMessage, string, bool>? isOurs = null) =>
        RepeatAsync(call, () => AttemptAsync(call, take, isOurs, cancellationToken), cancellationToken);

    /// <summary>Opens a WebSocket, over connections with the trust, credentials and client certificate of every other request.</summary>
    public Task<WebSocket> ConnectAsync(Call call, string protocol, CancellationToken cancellationToken) =>
        RepeatAsync(call, () => ConnectOnceAsync(call, protocol, cancellationToken), cancellationToken);

    /// <summary>Sends once and hands out the open response: for watches.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Call call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(call.Timeout);
        try
        {
            trace?.Invoke(call.ToString());
            // The body is read for long after the time-out of the answer.
            var response = await (await ClientAsync(cancellationToken)).HttpClient
                .SendAsync(await RequestAsync(call, limit.Token), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw KubernetesErrors.Of(call, response, await response.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception exception) when (Translate(call, exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _client?.Dispose();
            _client = null;
        }

        _loading.Dispose();
    }

    /// <summary>Drops all connections, so that the next request looks up the endpoint and connects anew.</summary>
    public void Reconnect()
    {
        lock (_lock)
        {
            if (_client is { } old)
            {
                _client = null;
                // Requests of others may still run on it; idle connections are closed at once by its disposal a little later.
                _ = Task.Delay(options.ListTimeout, time).ContinueWith(_ => old.Dispose(), TaskScheduler.Default);
            }
        }
    }

    private async Task<TResult> RepeatAsync<TResult>(Call call, Func<Task<TResult>> attempt, CancellationToken cancellationToken)
    {
        var hasRenewed = false;
        for (var number = 1; ; number++)
        {
            HaClusterException failure;
            try
            {
                return await attempt();
            }
            catch (HaClusterException exception)
            {
                failure = exception;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (failure.Kind == FailureKind.CredentialsExpired && !hasRenewed)
            {
                hasRenewed = true;
                await ForgetCredentialsAsync(cancellationToken);
                continue;
            }

            if (number >= options.Attempts || !call.MayRepeatAfter(failure))
                throw failure;
            var delay = options.DelayAfter(number, failure.RetryAfter);
            trace?.Invoke($"{call}: {failure.Problem}; attempt {number + 1} of {options.Attempts} in {delay.TotalSeconds:0.0} s");
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private async Task<WebSocket> ConnectOnceAsync(Call call, string protocol, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            var client = await ClientAsync(cancellationToken);
            limit.CancelAfter(call.Timeout);
            trace?.Invoke(call.ToString());
            using var request = await RequestAsync(call, limit.Token);
            foreach (var header in request.Headers)
                socket.Options.SetRequestHeader(header.Key, string.Join(", ", header.Value));
            socket.Options.AddSubProtocol(protocol);
            var address = new UriBuilder(request.RequestUri!) { Scheme = request.RequestUri!.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs };
            using var upgrade = new HttpMessageInvoker(new UpgradeHandler(client.HttpClient, call));
            await socket.ConnectAsync(address.Uri, upgrade, limit.Token);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (Translate(call, exception, cancellationToken) is not { } failure)
                throw;
            if (failure.Kind is FailureKind.Unreachable or FailureKind.TimedOut)
                Reconnect();
            throw failure;
        }
    }

    private async Task<TResult> AttemptAsync<TResult>(
        Call call, Func<HttpResponseMessage, CancellationToken, Task<TResult>> take, Func<HttpResponseMessage, string, bool>? isOurs, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var client = await ClientAsync(cancellationToken);
            limit.CancelAfter(call.Timeout);
            trace?.Invoke(call.ToString());
            using var request = await RequestAsync(call, limit.Token);
            using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode)
                return await take(response, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            if (isOurs?.Invoke(response, body) == true)
            {
                response.Content = new StringContent(body);
                return await take(response, limit.Token);
            }

            throw KubernetesErrors.Of(call, response, body);
        }
        catch (Exception exception) when (Translate(call, exception, cancellationToken) is { } failure)
        {
            if (failure.Kind is FailureKind.Unreachable or FailureKind.TimedOut)
                Reconnect();
            throw failure;
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(Call call, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(new Uri(_configuration!.Host.TrimEnd('/') + "/"), call.PathAndQuery.TrimStart('/')))
        {
            Version = HttpVersion.Version20,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.Body is { } body)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(call.ContentType) } };
        if (_configuration.TlsServerName is { Length: > 0 } name)
            request.Headers.Host = name;
        if (k8s.Kubernetes.CreateCredentials(_configuration) is { } credentials)
        {
            // An exec plug-in is a process that does not know of the cancellation.
            await credentials.ProcessHttpRequestAsync(request, cancellationToken).WaitAsync(cancellationToken);
        }

        return request;
    }

    private async Task<k8s.Kubernetes> ClientAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var configuration = _configuration ??= Prepare(await configure(cancellationToken));
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _client ??= new k8s.Kubernetes(configuration);
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task ForgetCredentialsAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            _configuration = null;
            Reconnect();
        }
        finally
        {
            _loading.Release();
        }
    }

    private KubernetesClientConfiguration Prepare(KubernetesClientConfiguration configuration)
    {
        configuration.UserAgent = "ha-cluster";
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(5);
            handler.PooledConnectionLifetime = options.ConnectionLifetime;
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            handler.AutomaticDecompression = DecompressionMethods.All;
        };
        return configuration;
    }

    /// <summary>Null for what is not a failure of the call: its cancellation by the caller, and errors of ours.</summary>
    private HaClusterException? Translate(Call call, Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return null;
        var host = Endpoint.Authority;
        return exception switch
        {
            HaClusterException failure => failure,
            // What a WebSocket says of its failure is less than what failed.
            WebSocketException { InnerException: { } inner } when Translate(call, inner, cancellationToken) is { } failure => failure,
            WebSocketException => new HaClusterException(
                FailureKind.NotUnderstood, call.Name, call.Target, $"{host} did not open a WebSocket: {Innermost(exception)}", "A proxy between may not let WebSockets through", exception),
            OperationCanceledException => new HaClusterException(
                FailureKind.TimedOut, call.Name, call.Target, $"no answer from {host} within {call.Timeout.TotalSeconds:0} s",
                "Try again; if the problem persists, check the API server and the network to it", exception),
            HttpRequestException { InnerException: AuthenticationException inner } => new HaClusterException(
                FailureKind.Unreachable, call.Name, host, $"its certificate is not trusted: {inner.Message}",
                "Check the certificate authority of the kubeconfig, and whether a proxy intercepts the connection", exception),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new HaClusterException(
                FailureKind.Unreachable, call.Name, host, "the name does not resolve",
                "Check the network, VPN and DNS; a private endpoint resolves inside the VPC only", exception),
            HttpRequestException or IOException or SocketException => new HaClusterException(
                FailureKind.Unreachable, call.Name, host, $"the connection failed: {Innermost(exception)}", "Check the network and that the API server runs", exception),
            JsonException => new HaClusterException(
                FailureKind.NotUnderstood, call.Name, call.Target, $"the response is not the JSON that Kubernetes documents: {exception.Message}",
                "A proxy may have answered, or the endpoint is not a Kubernetes API", exception),
            KubernetesClientException or KubeConfigException or InvalidOperationException { Source: "KubernetesClient" } => new HaClusterException(
                FailureKind.CredentialsMissing, call.Name, host, $"the credentials of the kubeconfig cannot be used: {Innermost(exception)}",
                "Run the exec command of the kubeconfig by hand, and log in again", exception),
            _ => null,
        };
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.TrimEnd('.');
    }
}
