namespace HaCluster.Stack.Edge;

/// <summary>Ports of the edge, for clients and at the proxies.</summary>
/// <remarks>
/// Proxies listen 10000 above a well-known port, for which they would need a privilege:
/// https://github.com/envoyproxy/gateway/blob/v1.9.0/internal/gatewayapi/translator.go
/// </remarks>
internal static class EdgePorts
{
    public const int Http = 80;
    public const int Https = 443;
    public const int ProxyHttp = Http + Shift;
    public const int ProxyHttps = Https + Shift;

    private const int Shift = 10000;
}
