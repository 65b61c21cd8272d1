using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HaCluster.Cli.Images;

/// <summary>
/// Pushes images by the protocol of all registries (https://github.com/opencontainers/distribution-spec/blob/main/spec.md), without a container engine. What
/// the registry has already is not sent again, so an interrupted push goes on where it stopped.
/// </summary>
internal sealed partial class RegistryClient : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15), AllowAutoRedirect = false })
    {
        // For one layer over a slow line.
        Timeout = TimeSpan.FromMinutes(30),
    };

    private readonly RegistryReference _registry;
    private AuthenticationHeaderValue? _authorization;
    private RegistryCredentials? _credentials;
    private bool _hasLookedForCredentials;

    public RegistryClient(RegistryReference registry)
    {
        _registry = registry;
        _http.BaseAddress = registry.Address;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("ha-cluster");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether anything can be pushed at all, before minutes are spent on building it.</summary>
    /// <exception cref="RegistryException">It cannot.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync("", () => new HttpRequestMessage(HttpMethod.Get, "v2/"), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await FaultAsync(answer, "", cancellationToken);
    }

    /// <param name="progress">Gets a line for each step.</param>
    /// <exception cref="RegistryException">The registry did not take it.</exception>
    public async Task PushAsync(ContainerImage image, Action<string> progress, CancellationToken cancellationToken)
    {
        var repository = _registry.RepositoryOf(image);
        var manifests = $"v2/{repository}/manifests/{image.Tag}";
        // A registry with immutable tags, as the stack declares them, would refuse the same image under the same tag.
        using (var there = await SendAsync(repository, () => Manifest(HttpMethod.Head, manifests), cancellationToken))
        {
            if (there.IsSuccessStatusCode && DigestOf(there) == image.Digest)
                return;
        }

        Blob[] blobs = [.. image.Layers.Append(image.Config).DistinctBy(blob => blob.Digest)];
        foreach (var (number, blob) in blobs.Index())
        {
            progress($"{image.Name}: pushing {number + 1} of {blobs.Length} parts");
            await PushAsync(blob, repository, cancellationToken);
        }

        using var answer = await SendAsync(repository, () =>
        {
            var request = Manifest(HttpMethod.Put, manifests);
            request.Content = new ByteArrayContent(File.ReadAllBytes(image.Manifest.Path)) { Headers = { ContentType = new MediaTypeHeaderValue(image.Manifest.MediaType) } };
            return request;
        }, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw await FaultAsync(answer, repository, cancellationToken);
        if (DigestOf(answer) is { } digest && digest != image.Digest)
            throw new RegistryException($"{_registry.Host} stored {repository}:{image.Tag} as {digest}, not as {image.Digest}: it changed the image; push to another registry");
    }

    private static HttpRequestMessage Manifest(HttpMethod method, string path) =>
        new(method, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue(ContainerImage.ManifestType) } } };

    private static string? DigestOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Docker-Content-Digest", out var digests) ? digests.First() : null;

    private async Task PushAsync(Blob blob, string repository, CancellationToken cancellationToken)
    {
        using (var there = await SendAsync(repository, () => new HttpRequestMessage(HttpMethod.Head, $"v2/{repository}/blobs/{blob.Digest}"), cancellationToken))
        {
            if (there.StatusCode == HttpStatusCode.OK)
                return;
        }

        using var opened = await SendAsync(repository, () => new HttpRequestMessage(HttpMethod.Post, $"v2/{repository}/blobs/uploads/"), cancellationToken);
        // The way of docker and skopeo; not every registry takes the content with the last call (ECR does not document it).
        var upload = await LocationAsync(opened, repository, cancellationToken);
        using var sent = await SendAsync(repository, () => new HttpRequestMessage(HttpMethod.Patch, upload)
        {
            Content = new StreamContent(File.OpenRead(blob.Path)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        }, cancellationToken);
        var end = await LocationAsync(sent, repository, cancellationToken);
        var target = new UriBuilder(end) { Query = $"{end.Query.TrimStart('?')}{(end.Query.Length > 1 ? "&" : "")}digest={Uri.EscapeDataString(blob.Digest)}" }.Uri;
        using var stored = await SendAsync(repository, () => new HttpRequestMessage(HttpMethod.Put, target) { Content = new ByteArrayContent([]) }, cancellationToken);
        if (stored.StatusCode != HttpStatusCode.Created)
            throw await FaultAsync(stored, repository, cancellationToken);
    }

    /// <summary>Where an upload goes on; it may be relative.</summary>
    private async Task<Uri> LocationAsync(HttpResponseMessage answer, string repository, CancellationToken cancellationToken) =>
        answer.StatusCode == HttpStatusCode.Accepted && answer.Headers.Location is { } location
            ? new Uri(_http.BaseAddress!, location)
            : throw await FaultAsync(answer, repository, cancellationToken);

    /// <summary>Sends, and once more with credentials when the registry asks for them: each refusal says how (RFC 9110, section 11).</summary>
    /// <param name="make">A request can only be sent once.</param>
    private async Task<HttpResponseMessage> SendAsync(string repository, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var answer = await SendOnceAsync(make(), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
            return answer;
        if (!_hasLookedForCredentials)
            (_credentials, _hasLookedForCredentials) = (await RegistryCredentials.FindAsync(_registry.Host, cancellationToken), true);
        _authorization = await AuthorizeAsync(answer.Headers.WwwAuthenticate, repository, cancellationToken);
        if (_authorization is null)
            return answer;
        answer.Dispose();
        return await SendOnceAsync(make(), cancellationToken);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Authorization ??= _authorization;
            try
            {
                return await _http.SendAsync(request, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or NotSupportedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                var reason = exception.GetBaseException() is SocketException socket ? socket.Message : exception.GetBaseException().Message;
                throw new RegistryException($"the registry {_registry.Host} cannot be reached: {reason}", exception) { IsUnreachable = true };
            }
        }
    }

    /// <summary>https://distribution.github.io/distribution/spec/auth/token/</summary>
    private async Task<AuthenticationHeaderValue?> AuthorizeAsync(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges, string repository, CancellationToken cancellationToken)
    {
        var basic = _credentials is null ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{_credentials.User}:{_credentials.Password}")));
        if (challenges.FirstOrDefault(each => each.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) is not { Parameter: { } parameters })
            return basic;
        var values = Parameter().Matches(parameters).DistinctBy(match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
        if (!Uri.TryCreate(values.GetValueOrDefault("realm"), UriKind.Absolute, out var realm) || (realm.Scheme != Uri.UriSchemeHttp && realm.Scheme != Uri.UriSchemeHttps))
            return basic;
        var scope = repository.Length == 0 ? "" : $"&scope={Uri.EscapeDataString($"repository:{repository}:pull,push")}";
        var query = $"service={Uri.EscapeDataString(values.GetValueOrDefault("service", ""))}{scope}";
        using var request = _credentials is { User: RegistryCredentials.TokenUser }
            ? new HttpRequestMessage(HttpMethod.Post, realm) { Content = new StringContent($"grant_type=refresh_token&client_id=ha-cluster&{query}&refresh_token={Uri.EscapeDataString(_credentials.Password)}", new MediaTypeHeaderValue("application/x-www-form-urlencoded")) }
            : new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = $"{realm.Query.TrimStart('?')}{(realm.Query.Length > 1 ? "&" : "")}{query}" }.Uri);
        request.Headers.Authorization = _credentials is { User: RegistryCredentials.TokenUser } ? null : basic;
        _authorization = null;
        using var answer = await SendOnceAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw await FaultAsync(answer, repository, cancellationToken);
        return TextIn(await BodyAsync(answer, cancellationToken), body => (string?)body?["token"] ?? (string?)body?["access_token"]) is { Length: > 0 } token && !token.Any(char.IsControl)
            ? new AuthenticationHeaderValue("Bearer", token)
            : throw new RegistryException($"the token service of {_registry.Host}, {realm.GetLeftPart(UriPartial.Path)}, answers without a token; a proxy may have answered") { IsUnreachable = true };
    }

    private async Task<RegistryException> FaultAsync(HttpResponseMessage answer, string repository, CancellationToken cancellationToken)
    {
        var message = TextIn(await BodyAsync(answer, cancellationToken), body => body?["errors"]?[0] is { } error ? $"{error["code"]} {error["message"]}".Trim() : null) is { Length: > 0 } text ? $": {text}" : "";
        var place = repository.Length == 0 ? _registry.Host : $"{_registry.Host}/{repository}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RegistryException(
                $"not authorised to push to {place} ({(_credentials is null ? "no credentials were found" : $"as {_credentials.User}")}){message}; "
                + $"run docker login {_registry.Host} or podman login {_registry.Host}, or set DOTNET_CONTAINER_REGISTRY_UNAME and DOTNET_CONTAINER_REGISTRY_PWORD; for ECR the credentials of AWS are enough"),
            HttpStatusCode.NotFound => new RegistryException(
                $"{place} does not exist{message}; check --push. In ECR a repository must exist before the first push: pulumi up creates those of the cluster, CLUSTER/NAME"),
            >= HttpStatusCode.InternalServerError => new RegistryException($"the registry {_registry.Host} is unavailable (HTTP {(int)answer.StatusCode}){message}; try again later") { IsUnreachable = true },
            _ => new RegistryException(
                $"{place} refuses the image with {(int)answer.StatusCode}{message}. Where its tags are immutable, this tag already exists with another digest: raise Version in the service's project, or build the commit of that image"),
        };
    }

    /// <summary>As UTF-8: the character set that an answer names may not exist.</summary>
    private static async Task<string> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        System.Text.Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellationToken));

    /// <summary>A text in an answer in JSON; null where it is not there, or the answer is something else, such as the page of a proxy.</summary>
    private static string? TextIn(string body, Func<JsonNode?, string?> find)
    {
        try
        {
            return find(JsonNode.Parse(body));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""(?<name>[a-zA-Z_]+)="(?<value>[^"]*)""" + "\"")]
    private static partial Regex Parameter();
}
