using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/eks/latest/APIReference/</summary>
internal sealed class Eks(Account account)
{
    private readonly Dictionary<string, UpdateRecord> _updates = new(StringComparer.Ordinal);

    public JsonObject Answer(AwsCall call) => call.Operation switch
    {
        "ListClusters" => Json.Map(("clusters", new JsonArray(account.ClusterName))),
        "DescribeCluster" => DescribeCluster(call),
        "ListNodegroups" => ListNodegroups(call),
        "DescribeNodegroup" => account.World.Act(run => Json.Map(("nodegroup", Describe(run, Group(call))))),
        "UpdateNodegroupConfig" => account.World.Act(run => Resize(run, call)),
        "UpdateNodegroupVersion" => account.World.Act(run => Renew(run, call)),
        "DescribeUpdate" => account.World.Act(run => DescribeUpdate(run, call)),
        "ListUpdates" => account.World.Act(_ => Json.Map(("updateIds", Json.List(_updates.Keys.Select(id => JsonValue.Create(id)))))),
        _ => throw new AwsException("UnknownOperationException", $"the twin does not have {call.Operation}", 404),
    };

    private JsonObject DescribeCluster(AwsCall call)
    {
        Cluster(call);
        return Json.Map(("cluster", Json.Map(
            ("name", account.ClusterName), ("arn", account.ClusterArn), ("createdAt", Seconds(account.At(TimeSpan.Zero))), ("version", account.World.Plan.Model.Version ?? "1.36"),
            ("endpoint", account.Kubernetes?.Url.GetLeftPart(UriPartial.Authority)), ("status", "ACTIVE"), ("platformVersion", "eks.1"),
            ("certificateAuthority", account.Kubernetes is { } kubernetes ? Json.Map(("data", Convert.ToBase64String(Encoding.ASCII.GetBytes(kubernetes.AuthorityPem)))) : null),
            ("resourcesVpcConfig", Json.Map(
                ("vpcId", account.VpcId), ("subnetIds", Texts(account.NodeGroups.SelectMany(group => group.Subnets).Distinct(StringComparer.Ordinal))),
                ("endpointPublicAccess", true), ("endpointPrivateAccess", true))),
            ("zonalShiftConfig", Json.Map(("enabled", true))), ("tags", Json.Map(account.ClusterTags)), ("health", Json.Map(("issues", new JsonArray()))))));
    }

    private JsonObject ListNodegroups(AwsCall call)
    {
        Cluster(call);
        var (page, next) = Paging.Of([.. account.NodeGroups.Select(group => group.Name).Order(StringComparer.Ordinal)], call.Find("nextToken"), call.Number("maxResults"));
        return Json.Map(("nodegroups", Texts(page)), ("nextToken", next));
    }

    private JsonObject Describe(ClusterRun run, NodeGroupRecord group)
    {
        var model = ModelOf(run, group);
        return Json.Map(
            ("nodegroupName", group.Name), ("nodegroupArn", group.Arn), ("clusterName", account.ClusterName), ("version", run.Model.Version ?? "1.36"),
            ("createdAt", Seconds(account.At(TimeSpan.Zero))), ("status", IsUpdating(run, group) ? "UPDATING" : "ACTIVE"), ("capacityType", model.IsSpot ? "SPOT" : "ON_DEMAND"),
            ("scalingConfig", Json.Map(("minSize", model.Min), ("maxSize", model.Max), ("desiredSize", run.GroupSizes[model.Name]))),
            ("instanceTypes", Texts(group.InstanceTypes)), ("subnets", Texts(group.Subnets)), ("amiType", "AL2023_x86_64_STANDARD"), ("labels", Json.Map(group.Labels)),
            ("taints", Json.List(model.Template.Taints.Select(taint => Json.Map(("key", taint.Key), ("value", taint.Value), ("effect", EffectOf(taint.Effect)))))),
            ("resources", Json.Map(("autoScalingGroups", new JsonArray(Json.Map(("name", group.AutoScalingGroup)))))),
            ("health", Json.Map(("issues", new JsonArray()))),
            ("updateConfig", group.MaxUnavailablePercent is { } percent ? Json.Map(("maxUnavailablePercentage", percent)) : Json.Map(("maxUnavailable", group.MaxUnavailable ?? 1))),
            ("tags", Json.Map(group.Tags)));
    }

    private JsonObject Resize(ClusterRun run, AwsCall call)
    {
        var group = Group(call);
        var model = ModelOf(run, group);
        var scaling = call.Body["scalingConfig"] as JsonObject ?? throw new AwsException("InvalidParameterException", "the twin changes the scalingConfig of a node group only");
        if (IsUpdating(run, group))
            throw new AwsException("ResourceInUseException", $"Nodegroup cannot be updated as it is currently not in Active State", 409);
        var (least, most) = ((int?)scaling["minSize"] ?? model.Min, (int?)scaling["maxSize"] ?? model.Max);
        var desired = (int?)scaling["desiredSize"] ?? Math.Clamp(run.GroupSizes[model.Name], least, Math.Max(least, most));
        if (least > most || most < 1 || least < 0)
            throw new AwsException("InvalidParameterException", $"Minimum capacity {least} can't be greater than maximum size {most}");
        if (desired < least || desired > most)
            throw new AwsException("InvalidParameterException", $"Desired capacity {desired} must be between minimum size {least} and maximum size {most}");
        run.Apply(new Change.GroupResized(model.Name, desired, least, most));
        return Update(run, group, "ConfigUpdate", ("MinSize", $"{least}"), ("MaxSize", $"{most}"), ("DesiredSize", $"{desired}"));
    }

    private JsonObject Renew(ClusterRun run, AwsCall call)
    {
        var group = Group(call);
        try
        {
            run.Apply(new Disruption.GroupUpdated(group.Model));
        }
        catch (ArgumentException exception)
        {
            throw new AwsException("ResourceInUseException", exception.Message, 409);
        }

        return Update(run, group, "VersionUpdate");
    }

    private JsonObject Update(ClusterRun run, NodeGroupRecord group, string type, params (string Type, string Value)[] parameters)
    {
        var update = new UpdateRecord(Ids.Uuid($"update/{_updates.Count}/{group.Name}"), group, type, run.Now, parameters);
        _updates.Add(update.Id, update);
        return Json.Map(("update", Describe(run, update)));
    }

    private JsonObject DescribeUpdate(ClusterRun run, AwsCall call)
    {
        Cluster(call);
        return _updates.TryGetValue(call.Path[1], out var update)
            ? Json.Map(("update", Describe(run, update)))
            : throw new AwsException("ResourceNotFoundException", $"No update found for ID: {call.Path[1]}", 404);
    }

    private JsonObject Describe(ClusterRun run, UpdateRecord update) => Json.Map(
        ("id", update.Id), ("status", update.Type == "VersionUpdate" && run.IsGroupUpdating(update.Group.Model) ? "InProgress" : update.Type == "ConfigUpdate" && run.Now == update.At ? "InProgress" : "Successful"),
        ("type", update.Type), ("params", Json.List(update.Parameters.Select(one => Json.Map(("type", one.Type), ("value", one.Value))))),
        ("createdAt", Seconds(account.At(update.At))), ("errors", new JsonArray()));

    private static bool IsUpdating(ClusterRun run, NodeGroupRecord group) => run.IsGroupUpdating(group.Model);

    private void Cluster(AwsCall call)
    {
        if (call.Path[0] != account.ClusterName)
            throw new AwsException("ResourceNotFoundException", $"No cluster found for name: {call.Path[0]}.", 404);
    }

    private NodeGroupRecord Group(AwsCall call)
    {
        Cluster(call);
        return account.NodeGroups.FirstOrDefault(group => group.Name == call.Path[1])
            ?? throw new AwsException("ResourceNotFoundException", $"No node group found for name: {call.Path[1]}.", 404);
    }

    private static NodeGroup ModelOf(ClusterRun run, NodeGroupRecord group) => run.Model.NodeGroups.First(one => one.Name == group.Model);

    private static JsonArray Texts(IEnumerable<string> texts) => Json.List(texts.Select(text => (JsonNode?)JsonValue.Create(text)));

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string EffectOf(TaintEffect effect) => effect switch
    {
        TaintEffect.NoExecute => "NO_EXECUTE",
        TaintEffect.PreferNoSchedule => "PREFER_NO_SCHEDULE",
        _ => "NO_SCHEDULE",
    };

    private sealed record UpdateRecord(string Id, NodeGroupRecord Group, string Type, TimeSpan At, (string Type, string Value)[] Parameters);
}
