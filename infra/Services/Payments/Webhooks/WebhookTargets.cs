using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace HaCluster.Payments.Webhooks;

/// <summary>
/// Where webhooks may lead. An administrator of the API names the address, the service connects from inside of the network: without this rule it could be made to talk to what only
/// neighbours reach, such as a metadata service (https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html).
/// </summary>
/// <param name="isDevelopment">The loopback is allowed, without TLS too: for networks whose coins are worth nothing.</param>
/// <param name="allowed">Networks that the operator allows although they are not public.</param>
internal sealed class WebhookTargets(bool isDevelopment, IReadOnlyList<IPNetwork> allowed)
{
    /// <summary>What is not public of IPv4 (https://www.iana.org/assignments/iana-ipv4-special-registry/).</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>All that is routed of IPv6, and in it what is not, or what leads to addresses of IPv4 (https://www.iana.org/assignments/iana-ipv6-special-registry/).</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    /// <param name="problem">What is wrong with it, in words.</param>
    public bool TryParse(string? text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (text is not { Length: <= 2000 } || !Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            (url, problem) = (null, "write https://HOST/PATH, without a user, a password or a fragment");
            return false;
        }

        var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var literal) ? literal : null;
        var isLoopback = url.Host == "localhost" || (address is not null && IPAddress.IsLoopback(address));
        if (url.Scheme == "http" && !(isDevelopment && isLoopback))
            problem = "it must be https: without TLS events can be read and changed on their way";
        else if (address is not null && !IsAllowed(address))
            problem = $"{address} is not a public address: name a host on the internet, or have the operator allow its network (--webhook-networks)";
        return problem is null;
    }

    public bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (allowed.Any(network => network.Contains(address)) || (isDevelopment && IPAddress.IsLoopback(address)))
            return true;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Special.Any(network => network.Contains(address))
            : Global6.Contains(address) && !Special6.Any(network => network.Contains(address));
    }

    /// <summary>Connects to a host, but only to an address of it that is allowed: the name may lead elsewhere than when it was written down.</summary>
    /// <exception cref="HttpRequestException">None of its addresses is.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var targets = addresses.Where(IsAllowed).ToArray();
        if (targets.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{endPoint.Host} has no public address, and --webhook-networks does not allow those that it has");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(targets, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
