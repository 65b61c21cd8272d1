using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Policies;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>Takes one protection away from the real plan of prod: the policy of that protection, and only that resource, must be named.</summary>
public sealed class PolicyMutationTests
{
    private static readonly Lazy<ResourceGraph> Prod = new(() =>
    {
        var result = Ha.Answer("plan", "--stack", "prod", "--json", "-");
        return PlanDocumentReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(result.Output))).Graph;
    });

    [Fact]
    public void As_it_is_nothing_is_named() => Assert.All(Checked(Prod.Value), policy => Assert.Empty(policy.Violations));

    [Theory]
    [InlineData("no-public-database", "ClusterInstance", "postgresql-2", "publiclyAccessible", "true")]
    [InlineData("no-public-database", "Domain", "search", "vpcOptions", null)]
    [InlineData("no-public-database", "SecurityGroupIngressRule", "search-2", "cidrIpv4", "\"0.0.0.0/0\"")]
    [InlineData("encryption-at-rest", "LaunchTemplate", "general", "blockDeviceMappings[0].ebs.encrypted", null)]
    [InlineData("encryption-at-rest", "Cluster", "mysql", "storageEncrypted", null)]
    [InlineData("encryption-at-rest", "LogGroup", "cluster", "kmsKeyId", null)]
    [InlineData("encryption-at-rest", "Topic", "critical", "kmsMasterKeyId", null)]
    [InlineData("encryption-at-rest", "StorageClass", "chain-data", "parameters.encrypted", "\"false\"")]
    [InlineData("encryption-in-transit", "Domain", "search", "nodeToNodeEncryption", null)]
    [InlineData("encryption-in-transit", "Proxy", "postgresql", "requireTls", null)]
    [InlineData("encryption-in-transit", "ClusterParameterGroup", "mysql", "parameters", "[]")]
    [InlineData("encryption-in-transit", "HTTPRoute", "gateway-redirect", "spec.rules[0].filters", "[]")]
    [InlineData("database-backups", "Cluster", "postgresql", "backupRetentionPeriod", "1")]
    [InlineData("deletion-protection", "Cluster", "cluster", "deletionProtection", null)]
    [InlineData("deletion-protection", "Service", "edge-load-balancer", "metadata.annotations", "{}")]
    [InlineData("no-clear-secrets", "Deployment", "bitcoin-front", "spec.template.spec.containers[0].env", """[{"name":"RPC_PASSWORD","value":"hunter2"}]""")]
    [InlineData("iam-no-wildcard", "RolePolicy", "velero", "policy", """ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}" """)]
    [InlineData("iam-no-public-principal", "Role", "node", "assumeRolePolicy", """ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":\"*\"}}" """)]
    [InlineData("rbac-no-wildcard", "ClusterRole", "events", "rules", """[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]""")]
    [InlineData("imdsv2", "LaunchTemplate", "system", "metadataOptions.httpPutResponseHopLimit", "2")]
    [InlineData("replicas-spread", "Deployment", "bitcoin-front", "spec.template.spec.topologySpreadConstraints", null)]
    [InlineData("replicas-spread", "Release", "cert-manager", "values.webhook.topologySpreadConstraints", null)]
    [InlineData("replicas-spread", "EnvoyProxy", "gateway-fleet", "spec.provider.kubernetes.envoyDeployment.pod", null)]
    [InlineData("replicas-spread", "Addon", "metrics-server", "configurationValues", """ "{\"replicas\":2,\"podDisruptionBudget\":{\"maxUnavailable\":1}}" """)]
    [InlineData("disruption-budgets", "Release", "prometheus", "values.grafana.podDisruptionBudget", null)]
    [InlineData("disruption-budgets", "EnvoyProxy", "gateway-fleet", "spec.provider.kubernetes.envoyPDB", null)]
    [InlineData("requests-and-limits", "Release", "cluster-autoscaler", "values.resources.limits", null)]
    [InlineData("pinned-versions", "StatefulSet", "ethereum-reth", "spec.template.spec.containers[0].image", "\"ghcr.io/paradigmxyz/reth\"")]
    [InlineData("pinned-versions", "Release", "velero", "version", null)]
    // The same protections, there and too weak.
    [InlineData("no-public-database", "SecurityGroupIngressRule", "search-2", "cidrIpv4", "\"128.0.0.0/1\"")]
    [InlineData("no-public-administration", "Cluster", "cluster", "vpcConfig.endpointPublicAccess", "true")]
    [InlineData("encryption-at-rest", "Cluster", "mysql", "kmsKeyId", null)]
    [InlineData("encryption-at-rest", "Cluster", "postgresql", "masterUserSecretKmsKeyId", null)]
    [InlineData("encryption-at-rest", "LogGroup", "cluster", "kmsKeyId", "\"alias/aws/logs\"")]
    [InlineData("encryption-at-rest", "StorageClass", "gp3", "parameters.kmsKeyId", null)]
    [InlineData("encryption-at-rest", "Domain", "search", "encryptAtRest.kmsKeyId", null)]
    [InlineData("encryption-at-rest", "BucketServerSideEncryptionConfiguration", "backups", "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "\"AES256\"", "Bucket backups")]
    [InlineData("kms-keys", "Key", "databases", "enableKeyRotation", "false")]
    [InlineData("kms-keys", "Key", "volumes", "deletionWindowInDays", "7")]
    [InlineData("encryption-in-transit", "Domain", "search", "domainEndpointOptions.tlsSecurityPolicy", "\"Policy-Min-TLS-1-0-2019-07\"")]
    [InlineData("iam-no-wildcard", "RolePolicy", "velero", "policy", """ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::*\"}}" """)]
    [InlineData("iam-no-public-principal", "Domain", "search", "accessPolicies", """ "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"es:ESHttpGet\",\"Resource\":\"*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/1\"}}}}" """)]
    [InlineData("iam-confused-deputy", "Role", "flow-logs", "assumeRolePolicy", """ "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"vpc-flow-logs.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}" """)]
    [InlineData("imdsv2", "LaunchTemplate", "system", "metadataOptions.httpTokens", "\"optional\"")]
    [InlineData("rbac-no-wildcard", "ClusterRole", "events", "rules", """[{"apiGroups":[""],"resources":["*"],"verbs":["get"]}]""")]
    public void Without_a_protection_the_resource_is_named(
        string policy, string type, string name, string path, string? value, string? named = null)
    {
        var violated = Checked(Mutated(type, name, path, value)).Where(result => result.Status == PolicyStatus.Violated).ToList();
        Assert.Equal([policy], violated.Select(result => result.Id));
        Assert.Equal([named ?? $"{type} {name}"], violated.SelectMany(result => result.Violations).Select(violation => violation.Resource).Distinct());
    }

    /// <summary>A budget and the defaults of a namespace protect others than themselves.</summary>
    [Theory]
    [InlineData("PodDisruptionBudget", "bitcoin-front", "disruption-budgets", "Deployment bitcoin-front")]
    [InlineData("BucketServerSideEncryptionConfiguration", "backups", "encryption-at-rest", "Bucket backups")]
    [InlineData("BucketPolicy", "finance-log", "encryption-in-transit", "Bucket finance-log")]
    public void Without_a_protecting_resource_the_one_it_protects_is_named(string type, string name, string policy, string resource)
    {
        var graph = Prod.Value;
        var protecting = Find(type, name);
        var violated = Checked(graph with { Resources = graph.Resources.Remove(protecting) }).Where(result => result.Status == PolicyStatus.Violated);
        Assert.Equal([(policy, resource)], violated.SelectMany(result => result.Violations.Select(violation => (result.Id, violation.Resource))));
    }

    private static ImmutableArray<PolicyResult> Checked(ResourceGraph graph) => PolicyCheck.Of(graph, ClusterModelReader.Of(graph), []);

    private static ResourceGraph Mutated(string type, string name, string path, string? value)
    {
        var found = Find(type, name);
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var inputs = (PropertyValue.Map)Set(new PropertyValue.Map(found.Inputs), steps, value is null ? null : Parse(value));
        return Prod.Value with { Resources = Prod.Value.Resources.Replace(found, found with { Inputs = inputs.Entries }) };
    }

    private static ResourceNode Find(string type, string name) =>
        Prod.Value.Resources.Single(resource => resource.Type.EndsWith(":" + type, StringComparison.Ordinal) && resource.Name == name && resource.IsCustom);

    /// <summary>Takes an entry out of an object when there is no value for it. The path must lead somewhere: a typing error changes nothing and proves nothing.</summary>
    private static PropertyValue Set(PropertyValue value, ReadOnlySpan<string> path, PropertyValue? with)
    {
        if (value is PropertyValue.List list)
        {
            var index = int.Parse(path[0].Trim('[', ']'), null);
            return new PropertyValue.List(list.Items.SetItem(index, Set(list.Items[index], path[1..], with)));
        }

        var entries = ((PropertyValue.Map)value).Entries;
        if (path.Length > 1)
            return new PropertyValue.Map(entries.SetItem(path[0], Set(entries[path[0]], path[1..], with)));
        Assert.True(entries.ContainsKey(path[0]), $"there is no {path[0]} to change");
        return new PropertyValue.Map(with is null ? entries.Remove(path[0]) : entries.SetItem(path[0], with));
    }

    /// <summary>Through the document's reader, since values have no other way in from here.</summary>
    private static PropertyValue Parse(string json)
    {
        var document = $$"""
            {"format":"hacluster.plan/1","project":"p","stack":"s","mode":"simulated","resources":[],"outputs":{"value":{{json}} },"invokes":[],"logs":[]}
            """;
        return PlanDocumentReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(document))).Graph.Outputs["value"];
    }
}
