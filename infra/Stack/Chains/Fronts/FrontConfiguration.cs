using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HaCluster.Stack.Chains.Bitcoin;
using HaCluster.Stack.Chains.Replicas;

namespace HaCluster.Stack.Chains.Fronts;

/// <summary>
/// The configuration of a front, for HAProxy 2.6 and later (https://docs.haproxy.org/3.2/configuration.html). Nothing secret is in it.
/// </summary>
/// <remarks>
/// Requests are filtered strictly, because the nodes parse them loosely. Go takes the last of several keys with the same name, in any case and with
/// escapes; the converter here takes the first, as written. So a body with a backslash, or with a second "method" anywhere, is refused: hex,
/// numbers and names need neither.
/// </remarks>
public static class FrontConfiguration
{
    public const string TlsPath = "/etc/haproxy/tls";
    public const string NodeAuthorityPath = "/etc/haproxy/nodes";
    public const string PasswordVariable = "RPC_PASSWORD";

    /// <summary>
    /// Folder with the last known addresses of the nodes. The reloader saves them, so that a reload or a restart of the container while DNS
    /// does not answer continues with these.
    /// </summary>
    public const string StatePath = "/var/lib/haproxy";

    public const string StateFile = "servers";

    /// <summary>Port on which HAProxy serves the state of its servers to the containers of its own pod only.</summary>
    public const int StatePort = 9999;

    /// <summary>
    /// How long an address is used that DNS no longer confirms: no answer, an error, or no such name. HAProxy's default of 30 seconds would
    /// turn a DNS outage into an outage of all nodes (https://github.com/haproxy/haproxy/issues/345). Whether a node may be called is decided by its
    /// health check: an address without a ready sentinel is removed within seconds, whatever DNS returns. An address that DNS replaces is
    /// dropped at once (<c>hold obsolete</c>).
    /// </summary>
    public const string KnownAddress = "24h";

    /// <summary>Most connections that one replica opens to one node; more wait.</summary>
    public const int ConnectionsPerNode = 60;

    // The whole body is checked, so it must fit into a buffer. The largest transactions that nodes relay are smaller (400,000 weight units, 128 KiB,
    // both twice as long in hexadecimal); blob transactions are not.
    private const int Buffer = 1_048_576;
    private const int LargestBody = 900_000;

    // Two buffers per connection: this many connections need 512 MiB in the worst case.
    private const int Connections = 256;

    /// <param name="nodes">The nodes of the chain.</param>
    /// <param name="requestsPerMinute">Most that one address may ask.</param>
    public static string Text(ChainNodes nodes, int requestsPerMinute)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"""
            global
                log stdout format raw local0 info
                maxconn {Connections}
                hard-stop-after 45s
                tune.bufsize {Buffer}
                ssl-load-extra-del-ext
                ssl-default-bind-options ssl-min-ver TLSv1.2
                stats socket ipv4@127.0.0.1:{StatePort} level user
                server-state-file {StatePath}/{StateFile}

            defaults
                mode http
                log global
                option httplog
                option dontlognull
                option redispatch
                retries 2
                timeout connect 3s
                timeout client 60s
                timeout server 60s
                timeout queue 5s
                timeout check 4s
                timeout http-request 10s
                timeout http-keep-alive 60s
                load-server-state-from-file global

            resolvers cluster
                parse-resolv-conf
                accepted_payload_size 8192
                resolve_retries 3
                timeout resolve 1s
                timeout retry 1s
                hold valid 10s
                hold obsolete 0s
                hold nx {KnownAddress}
                hold other {KnownAddress}
                hold refused {KnownAddress}
                hold timeout {KnownAddress}

            frontend metrics
                bind :{RpcFront.MetricsPort}
                option dontlog-normal
                monitor-uri /healthz
                http-request use-service prometheus-exporter if METH_GET {Braces("path /metrics")}
                http-request deny status 404

            frontend {RpcFront.ServiceName(nodes.Chain)}
                bind :{RpcFront.Port} ssl crt {TlsPath}/tls.crt alpn http/1.1
                stick-table type ipv6 size 100k expire 2m store http_req_rate(1m)
                http-request track-sc0 src
                http-request deny status 429 if {Braces($"sc_http_req_rate(0) gt {requestsPerMinute}")}
                http-request deny status 405 unless METH_POST
                http-request deny status 404 unless {Braces("path /")}
                http-request deny status 415 if {Braces("req.hdr(content-encoding) -m found")}
                http-request deny status 411 unless {Braces("req.hdr(content-length) -m found")}
                http-request deny status 413 if {Braces($"req.hdr(content-length),add(0) gt {LargestBody}")}
                http-request wait-for-body time 10s
                http-request deny status 400 if {Braces(@"req.body -m sub '\'")}
                http-request deny status 400 if {Braces("""req.body -m reg -i '"method"[\s\S]*"method"'""")}
                http-request set-var(txn.method) req.body,json_query('$.method')

            """));

        // One line per method would be long, and a single line longer than HAProxy allows.
        foreach (var methods in Methods(nodes.Chain).Chunk(8))
            text.Append(Invariant($"    acl allowed var(txn.method) -m str {string.Join(' ', methods)}\n"));
        text.Append(Invariant($"""
                http-request deny status 403 content-type application/json string '{Braces("\"error\":\"this method is not allowed here, or the request is a batch\"")}' unless allowed
                default_backend {nodes.Service}

            backend {nodes.Service}
                balance source
                hash-type consistent
                option httpchk
                http-check send meth GET uri /ready
                http-check expect status 200

            """));
        if (nodes.Chain == RpcFront.Bitcoin)
        {
            text.Append(Invariant($"""
                    http-request set-var(txn.password) env({PasswordVariable})
                    http-request set-var(txn.basic) str({BitcoinNodes.RpcUser}:),concat(,txn.password),base64
                    http-request set-header Authorization "Basic %[var(txn.basic)]"

                """));
        }

        text.Append(Invariant($"""
                default-server check port {Sentinel.Port} no-check-ssl inter 2s fall 2 rise 2 maxconn {ConnectionsPerNode} on-marked-down shutdown-sessions init-addr last,none resolvers cluster

            """));
        foreach (var pod in nodes.Pods)
            text.Append(Invariant($"    server {pod} {nodes.HostOf(pod)}:{nodes.RpcPort}{Tls(nodes, pod)}\n"));
        return text.ToString();
    }

    private static string Tls(ChainNodes nodes, string pod) => nodes.Chain == RpcFront.Bitcoin
        ? $" ssl verify required ca-file {NodeAuthorityPath}/ca.crt sni str({nodes.HostOf(pod)}) verifyhost {nodes.HostOf(pod)}"
        : "";

    private static ImmutableArray<string> Methods(string chain) => chain == RpcFront.Bitcoin ? RpcMethods.Bitcoin : RpcMethods.Ethereum;

    private static string Braces(string condition) => $"{{ {condition} }}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
