
namespace HaCluster.Stack.Settings.Sites;

/// <summary>How the gateway counts the requests of a site. Envoy calls the first rule of a route a cluster, and names it after the route.</summary>
public static class SiteService
{
    public static ServiceGroup Of(string site, string team, decimal objective)
    {
        var space = SiteSettings.NamespacePrefix + site;
        // https://github.com/envoyproxy/gateway/blob/v1.9.0/internal/gatewayapi/helpers.go (irRouteDestinationName)
        var cluster = $"envoy_cluster_name=\"httproute/{space}/{site}/rule/0\"";
        return new ServiceGroup
        {
            Name = space,
            Namespace = space,
            Workload = site,
            Pods = $"{site}-.*",
            Team = team,
            Objective = objective,
            Requests = $"envoy_cluster_upstream_rq_total{{{cluster}}}",
            Errors = $"envoy_cluster_upstream_rq_xx{{{cluster},envoy_response_code_class=\"5\"}}",
            LatencySeconds = $"histogram_quantile(0.95, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{{{cluster}}}[5m]))) / 1000",
        };
    }
}
