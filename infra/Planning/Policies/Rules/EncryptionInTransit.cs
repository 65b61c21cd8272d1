using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class EncryptionInTransit : Policy
{
    public override string Id => "encryption-in-transit";

    public override string Title => "data services require TLS, and plain HTTP only redirects to HTTPS";

    public override string Why =>
        "Between zones and to the internet, packets cross networks that others operate; credentials in them can be used until they expire.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-in-transit.html");

    public override string Fix =>
        "set the named property or parameter; give buckets a policy that denies aws:SecureTransport false; let HTTP listeners redirect";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        [.. CheckServices(graph), .. CheckParameters(graph), .. CheckBuckets(graph), .. CheckListeners(graph), .. CheckGateways(graph)];

    private static IEnumerable<Finding> CheckServices(PolicyGraph graph)
    {
        foreach (var domain in graph.Of("aws:opensearch/domain:Domain"))
        {
            foreach (var flag in new[] { new[] { "nodeToNodeEncryption", "enabled" }, ["domainEndpointOptions", "enforceHttps"] })
            {
                if (!domain.Inputs.At(flag).IsTrue())
                    yield return Violation(domain, $"{string.Join('.', flag)} is not true");
            }
        }

        // The default policy of a domain accepts TLS 1.0: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
        foreach (var domain in graph.Of("aws:opensearch/domain:Domain").Where(domain => PolicyGraph.IsGiven(domain, "domainEndpointOptions")))
        {
            if (domain.Inputs.At("domainEndpointOptions", "tlsSecurityPolicy").Text() is not { } policy || policy.StartsWith("Policy-Min-TLS-1-0", StringComparison.Ordinal))
                yield return Violation(domain, "domainEndpointOptions.tlsSecurityPolicy accepts TLS 1.0");
        }

        foreach (var proxy in graph.Of("aws:rds/proxy:Proxy").Where(proxy => !proxy.Inputs.At("requireTls").IsTrue()))
            yield return Violation(proxy, "requireTls is not true");
    }

    private static IEnumerable<Finding> CheckParameters(PolicyGraph graph)
    {
        foreach (var database in graph.Of("aws:rds/cluster:Cluster", "aws:rds/instance:Instance"))
        {
            if (ParameterFor(database.Inputs.At("engine").Text() ?? "") is not { } parameter)
                continue;
            // Clusters and single instances have different properties for it.
            var name = database.Inputs.At("dbClusterParameterGroupName").Text() ?? database.Inputs.At("parameterGroupName").Text();
            var group = graph.Of("aws:rds/clusterParameterGroup:ClusterParameterGroup", "aws:rds/parameterGroup:ParameterGroup")
                .FirstOrDefault(one => name is not null && (one.Inputs.At("name").Text() == name || one.Id == name));
            if (group is null)
                yield return NotInspected("database", $"{database.Name}: its parameters");
            else if (!group.Inputs.At("parameters").Items().Any(one => one.At("name").Text() == parameter && IsOn(one.At("value"))))
                yield return Violation(group, $"{parameter} is not on");
        }
    }

    /// <summary>The parameter that refuses unencrypted connections; null for engines without one.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html,
    /// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
    /// </remarks>
    private static string? ParameterFor(string engine) =>
        engine.Contains("postgres", StringComparison.Ordinal) ? "rds.force_ssl"
        : engine.Contains("mysql", StringComparison.Ordinal) || engine == "mariadb" ? "require_secure_transport"
        : null;

    private static bool IsOn(PropertyValue? value) => value.Integer() == 1 || value.Text()?.ToUpperInvariant() == "ON" || value.IsTrue();

    private static IEnumerable<Finding> CheckBuckets(PolicyGraph graph)
    {
        var refusing = graph.Documents
            .Where(document => document.Resource.Type.StartsWith("aws:s3/bucketPolicy:", StringComparison.Ordinal))
            .Where(document => document.Statements is { } statements && statements.Any(statement => statement.DeniesClearTransport))
            .Select(document => document.Resource.Inputs.At("bucket").Text())
            .ToHashSet();
        return graph.Of("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
            .Where(bucket => !refusing.Contains(bucket.Inputs.At("bucket").Text() ?? "") && !refusing.Contains(bucket.Id ?? ""))
            .Select(bucket => Violation(bucket, "no bucket policy denies unencrypted requests (aws:SecureTransport)"));
    }

    private static IEnumerable<Finding> CheckListeners(PolicyGraph graph)
    {
        foreach (var listener in graph.Of("aws:lb/listener:Listener", "aws:alb/listener:Listener"))
        {
            var protocol = listener.Inputs.At("protocol").Text();
            var actions = listener.Inputs.At("defaultActions").Items();
            if (protocol == "HTTP" && (actions.IsEmpty || actions.Any(action => action.At("redirect", "protocol").Text() != "HTTPS")))
                yield return Violation(listener, "serves plain HTTP instead of redirecting to HTTPS");
            if (protocol is "HTTPS" or "TLS" && (listener.Inputs.At("sslPolicy").Text() is not { } policy || TakesOldTls(policy)))
                yield return Violation(listener, "sslPolicy accepts TLS 1.0 or 1.1");
        }
    }

    /// <summary>
    /// The default, 2016-08, does, and so do those that name neither TLS 1.2 nor 1.3 as the least version:
    /// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    /// </summary>
    private static bool TakesOldTls(string policy) =>
        !policy.Contains("TLS13-1-2", StringComparison.Ordinal) && !policy.Contains("TLS13-1-3", StringComparison.Ordinal)
        && !policy.Contains("TLS-1-2", StringComparison.Ordinal) && !policy.Contains("FS-1-2", StringComparison.Ordinal);

    // https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/
    private static IEnumerable<Finding> CheckGateways(PolicyGraph graph)
    {
        var routes = graph.Resources.Where(resource => IsGatewayApi(resource, "HTTPRoute")).ToList();
        foreach (var gateway in graph.Resources.Where(resource => IsGatewayApi(resource, "Gateway")))
        {
            foreach (var listener in gateway.Inputs.At("spec", "listeners").Items().Where(listener => listener.At("protocol").Text() == "HTTP"))
            {
                foreach (var route in routes.Where(route => IsAttached(route, gateway, listener) && !OnlyRedirects(route)))
                    yield return Violation(route, $"serves plain HTTP on listener {listener.At("name").Text()} of {Policies.Violation.NameOf(gateway)}");
            }
        }
    }

    private static bool IsGatewayApi(ResourceNode resource, string kind) =>
        resource.Type.StartsWith("kubernetes:gateway.networking.k8s.io/", StringComparison.Ordinal)
        && resource.Type.EndsWith(":" + kind, StringComparison.Ordinal);

    private static bool IsAttached(ResourceNode route, ResourceNode gateway, PropertyValue listener) =>
        route.Inputs.At("spec", "parentRefs").Items().Any(parent =>
            parent.At("name").Text() == gateway.Inputs.At("metadata", "name").Text()
            && (parent.At("namespace").Text() ?? PolicyGraph.NamespaceOf(route)) == PolicyGraph.NamespaceOf(gateway)
            && (parent.At("sectionName").Text() is not { } section || section == listener.At("name").Text()));

    private static bool OnlyRedirects(ResourceNode route) => route.Inputs.At("spec", "rules").Items() is { IsEmpty: false } rules
        && rules.All(rule => rule.At("filters").Items().Any(filter => filter.At("requestRedirect", "scheme").Text() == "https"));
}
