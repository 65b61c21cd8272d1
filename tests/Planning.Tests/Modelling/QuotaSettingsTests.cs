using System.Text.Json.Nodes;
using HaCluster.Planning.Modelling;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>The rule is the program's: it names what the schema of its settings has.</summary>
public sealed class QuotaSettingsTests
{
    /// <summary>Keys that are no limit of a ResourceQuota, or one of many of them.</summary>
    private static readonly string[] Others = ["container", "largestVolume", "objects"];

    private static readonly JsonObject Settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "Stack", "Settings", "settings.schema.json")))!
        ["properties"]!["config"]!["properties"]!.AsObject();

    [Fact]
    public void The_clusters_own_namespaces_are_those_of_the_schema() => Assert.Equal(PropertiesOf(Settings["ha-cluster:quotas"]!).Order(StringComparer.Ordinal), QuotaSettings.OwnNamespaces);

    [Fact]
    public void Keys_are_those_of_the_schema()
    {
        string[] resources =
        [
            "requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "requests.ephemeral-storage", "limits.ephemeral-storage", "requests.storage",
            "pods", "persistentvolumeclaims", "services.loadbalancers",
        ];
        var keys = PropertiesOf(Settings["ha-cluster:quotas"]!["properties"]!["payments"]!).Except(Others);
        Assert.Equal(keys.Order(StringComparer.Ordinal), resources.Select(QuotaSettings.KeyOf).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kube-system", "")]
    [InlineData("kube-node-lease", "")]
    [InlineData("default", "")]
    [InlineData("site-hello", "")]
    [InlineData("signing", "quotas.signing")]
    [InlineData("shop", "namespaces.shop.quota")]
    public void A_namespace_has_one_setting_or_none(string @namespace, string path) => Assert.Equal(path, string.Join('.', QuotaSettings.PathOf(@namespace)));

    private static IEnumerable<string> PropertiesOf(JsonNode schema) => schema["properties"]!.AsObject().Select(property => property.Key);
}
