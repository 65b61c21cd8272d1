using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>EKS (https://docs.aws.amazon.com/eks/latest/APIReference/).</summary>
internal sealed class EksWire(AwsConnection connection) : IEks
{
    private RestProtocol Rest => connection.Rest(AwsService.Eks);

    public Task<EksCluster?> FindClusterAsync(string name, CancellationToken cancellationToken) => AwsErrors.FindAsync($"EKS cluster {name}", async () =>
    {
        var answer = await Rest.GetAsync("DescribeCluster", $"/clusters/{Escape(name)}", cancellationToken);
        return (EksCluster?)Cluster(answer.GetProperty("cluster"));
    });

    public Task<ImmutableArray<EksNodeGroup>> ListNodeGroupsAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"EKS cluster {cluster}", async () =>
    {
        var names = new List<string>();
        await foreach (var page in Rest.PagesAsync("ListNodegroups", $"/clusters/{Escape(cluster)}/node-groups", cancellationToken))
            names.AddRange(page.Strings("nodegroups"));
        var groups = await Task.WhenAll(names.Select(name => ReadAsync(cluster, name, cancellationToken)));
        return groups.ToImmutableArray();
    });

    public Task<EksUpdate> ResizeAsync(string cluster, string nodeGroup, int? min, int? desired, int? max, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync($"node group {nodeGroup}", async () =>
        {
            var scaling = new JsonObject();
            foreach (var (name, value) in new[] { ("minSize", min), ("desiredSize", desired), ("maxSize", max) })
            {
                if (value is { } number)
                    scaling[name] = number;
            }

            // The token makes a repeated request the same request.
            var body = new JsonObject { ["scalingConfig"] = scaling, ["clientRequestToken"] = Guid.NewGuid().ToString() };
            var path = $"/clusters/{Escape(cluster)}/node-groups/{Escape(nodeGroup)}/update-config";
            return Update((await Rest.SendAsync("UpdateNodegroupConfig", "POST", path, body, cancellationToken)).GetProperty("update"));
        });

    public Task<EksUpdate> ReadUpdateAsync(string cluster, string nodeGroup, string update, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync($"update {update} of node group {nodeGroup}", async () =>
        {
            var answer = await Rest.GetAsync("DescribeUpdate", $"/clusters/{Escape(cluster)}/updates/{Escape(update)}", cancellationToken, ("nodegroupName", nodeGroup));
            return Update(answer.GetProperty("update"));
        });

    private async Task<EksNodeGroup> ReadAsync(string cluster, string name, CancellationToken cancellationToken) =>
        NodeGroup((await Rest.GetAsync("DescribeNodegroup", $"/clusters/{Escape(cluster)}/node-groups/{Escape(name)}", cancellationToken)).GetProperty("nodegroup"));

    private static EksCluster Cluster(JsonElement json) => new(
        json.Str("name"),
        json.Str("arn"),
        json.Str("status"),
        json.Str("version"),
        json.Str("endpoint"),
        json.Object("certificateAuthority").Str("data"),
        json.Object("resourcesVpcConfig").Str("vpcId"),
        json.Object("resourcesVpcConfig").Strings("subnetIds"),
        json.Object("zonalShiftConfig").Bool("enabled"),
        json.StringMap("tags"));

    private static EksNodeGroup NodeGroup(JsonElement json)
    {
        var (scaling, update) = (json.Object("scalingConfig"), json.Object("updateConfig"));
        return new EksNodeGroup(
            json.Str("nodegroupName"),
            json.Str("nodegroupArn"),
            json.Str("status"),
            json.Str("capacityType") is { Length: > 0 } type ? type : "ON_DEMAND",
            json.Strings("instanceTypes"),
            scaling.Int("minSize"),
            scaling.Int("desiredSize"),
            scaling.Int("maxSize"),
            json.Strings("subnets"),
            [.. json.Object("resources").Items("autoScalingGroups").Select(group => group.Str("name"))],
            json.StringMap("labels"),
            [.. json.Items("taints").Select(taint => new EksTaint(taint.Str("key"), taint.Str("value"), taint.Str("effect")))],
            [.. json.Object("health").Items("issues").Select(issue => $"{issue.Str("code")}: {issue.Str("message")}")],
            json.StringMap("tags"),
            json.Str("version"),
            update.Int("maxUnavailable"),
            update.Int("maxUnavailablePercentage"));
    }

    private static EksUpdate Update(JsonElement json) => new(
        json.Str("id"), json.Str("status"), [.. json.Items("errors").Select(error => $"{error.Str("errorCode")}: {error.Str("errorMessage")}")]);

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
