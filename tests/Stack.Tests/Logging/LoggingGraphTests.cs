using System.Text.Json;
using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Logging;

public class LoggingGraphTests
{
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private const string Domain = "aws:opensearch/domain:Domain";
    private const string DomainArn = "arn:aws-test:es:eu-central-1:123456789012:domain/ha-cluster-test-logs";

    [Fact]
    public async Task OpenSearch_spreads_over_three_zones_with_a_standby_and_masters_of_its_own()
    {
        var cluster = (await DeclaredCluster.FromAsync("{}")).One(Domain, "search");

        Assert.Equal(3, cluster.List("vpcOptions.subnetIds").Distinct().Count());
        Assert.Equal(3d, Number(cluster, "clusterConfig.instanceCount"));
        Assert.Equal(true, cluster.At("clusterConfig.zoneAwarenessEnabled"));
        Assert.Equal(3d, Number(cluster, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount"));
        Assert.Equal(true, cluster.At("clusterConfig.multiAzWithStandbyEnabled"));
        Assert.Equal(true, cluster.At("clusterConfig.dedicatedMasterEnabled"));
        Assert.Equal(3d, Number(cluster, "clusterConfig.dedicatedMasterCount"));
    }

    [Theory]
    [InlineData(2, 2, false)]
    [InlineData(4, 3, true)]
    public async Task Other_numbers_of_zones_use_two_or_three(int zones, int used, bool standby)
    {
        var cluster = (await DeclaredCluster.FromAsync($$"""{"zones":{{zones}}}""")).One(Domain, "search");

        Assert.Equal(used, cluster.List("vpcOptions.subnetIds").Count);
        Assert.Equal((double)used, Number(cluster, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount"));
        Assert.Equal(standby, cluster.At("clusterConfig.multiAzWithStandbyEnabled"));
    }

    [Fact]
    public async Task OpenSearch_is_encrypted_everywhere_and_has_no_password()
    {
        var cluster = (await DeclaredCluster.FromAsync("{}")).One(Domain, "search");

        Assert.Equal(true, cluster.At("encryptAtRest.enabled"));
        Assert.EndsWith("/logs-search", cluster.Text("encryptAtRest.kmsKeyId"), StringComparison.Ordinal);
        Assert.Equal(true, cluster.At("nodeToNodeEncryption.enabled"));
        Assert.Equal(true, cluster.At("domainEndpointOptions.enforceHttps"));
        Assert.Equal("Policy-Min-TLS-1-2-PFS-2023-10", cluster.Text("domainEndpointOptions.tlsSecurityPolicy"));
        Assert.Equal(true, cluster.At("advancedSecurityOptions.enabled"));
        Assert.Equal(false, cluster.At("advancedSecurityOptions.internalUserDatabaseEnabled"));
        Assert.EndsWith("/search-setup", cluster.Text("advancedSecurityOptions.masterUserOptions.masterUserArn"), StringComparison.Ordinal);
        Assert.Null(cluster.At("advancedSecurityOptions.masterUserOptions.masterUserPassword"));
    }

    [Fact]
    public async Task OpenSearch_is_reached_by_known_roles_from_nodes_and_pods_only()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"search":{"readers":["arn:aws-test:iam::123456789012:role/auditor"]}}}""");
        var policy = JsonDocument.Parse(resources.One(Domain, "search").Text("accessPolicies")).RootElement.GetProperty("Statement").EnumerateArray().ToArray();

        Assert.Equal(5, policy.Length);
        Assert.All(policy, statement =>
        {
            Assert.Matches(@"Role/|/auditor\z", statement.GetProperty("Principal").GetProperty("AWS").GetString());
            Assert.Equal($"{DomainArn}/*", statement.GetProperty("Resource").GetString());
        });

        var rules = resources.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            .Where(rule => (rule.At("securityGroupId") as string) == "search-id").ToArray();
        Assert.Equal(3, rules.Length);
        Assert.All(rules, rule => Assert.Equal(443d, Number(rule, "toPort")));
        Assert.Equal(
            ["10.0.0.0/18", "10.0.128.0/18", "10.0.64.0/18"],
            rules.Select(rule => rule.At("cidrIpv4") as string).OfType<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_OpenSearch_writes_its_own_logs_and_into_encrypted_groups()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var published = resources.One(Domain, "search").List("logPublishingOptions").Cast<IReadOnlyDictionary<string, object>>().ToArray();
        var permission = JsonDocument.Parse(resources.One("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "search-logs").Text("policyDocument"))
            .RootElement.GetProperty("Statement")[0];

        Assert.Equal(["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"], published.Select(each => (string)each["logType"]).Order(StringComparer.Ordinal));
        Assert.Equal("es.amazonaws.com", permission.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(4, permission.GetProperty("Resource").GetArrayLength());
        Assert.Equal(DomainArn, permission.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:SourceArn").GetString());
        foreach (var group in resources.Of("aws:cloudwatch/logGroup:LogGroup").Where(group => group.Name.StartsWith("search-", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(group.Text("kmsKeyId"));
            Assert.Contains(group.Text("name"), resources.One("aws:kms/key:Key", "logs").Text("policy"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}", null, true)]
    [InlineData("{}", "other", false)]
    [InlineData("{}", "test", true)]
    [InlineData("""{"logging":{"search":{"createServiceRole":true}}}""", null, true)]
    [InlineData("""{"logging":{"search":{"createServiceRole":false}}}""", null, false)]
    public async Task The_role_for_OpenSearch_is_made_where_the_account_has_none_or_it_is_this_stacks(string settings, string? owner, bool isDeclared)
    {
        var mocks = new ClusterMocks("r-1a", "r-1b", "r-1c")
        {
            SearchRole = owner is null ? null : new Dictionary<string, string> { ["Project"] = "ha-cluster", ["Stack"] = owner, ["Cluster"] = $"ha-cluster-{owner}" },
        };

        var roles = (await DeclaredCluster.FromAsync(settings, mocks)).Of("aws:iam/serviceLinkedRole:ServiceLinkedRole");

        // A run that no longer declares what an earlier one made would take it away.
        Assert.Equal(isDeclared ? ["opensearchservice.amazonaws.com"] : [], roles.Select(role => role.Text("awsServiceName")));
    }

    [Fact]
    public async Task The_role_for_snapshots_is_handed_to_OpenSearch_and_to_no_other_service()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var policies = resources.Of("aws:iam/rolePolicy:RolePolicy")
            .SelectMany(policy => JsonDocument.Parse(policy.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray())
            .Where(statement => statement.GetProperty("Action").ToString().Contains("iam:PassRole", StringComparison.Ordinal));
        Assert.Equal(
            ["es.amazonaws.com"],
            policies.Select(statement => statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty("iam:PassedToService").GetString()));
        Assert.Contains("\"Service\":\"es.amazonaws.com\"", resources.One("aws:iam/role:Role", "search-snapshots").Text("assumeRolePolicy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("red", "ClusterStatus.red", 1)]
    [InlineData("storage", "FreeStorageSpace", 76800)]
    [InlineData("writes-blocked", "ClusterIndexWritesBlocked", 1)]
    [InlineData("nodes", "Nodes", 6)]
    [InlineData("key-lost", "KMSKeyInaccessible", 1)]
    [InlineData("master-lost", "MasterReachableFromNode", 1)]
    public async Task Problems_are_alerted(string name, string metric, double threshold)
    {
        var alarm = (await DeclaredCluster.FromAsync("{}")).One("aws:cloudwatch/metricAlarm:MetricAlarm", $"search-{name}");

        Assert.Equal(metric, alarm.Text("metricName"));
        Assert.Equal(threshold, Number(alarm, "threshold"));
        Assert.Equal("ha-cluster-test-logs", alarm.Map("dimensions")["DomainName"]);
        Assert.Equal("123456789012", alarm.Map("dimensions")["ClientId"]);
        Assert.Single(alarm.List("alarmActions"));
    }

    [Fact]
    public async Task Audit_records_go_to_their_bucket_one_per_line()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var filter = resources.One("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "audit-subscription");
        var stream = resources.One("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "audit");

        Assert.Equal("/aws/eks/ha-cluster-test/cluster", filter.Text("logGroup"));
        Assert.Contains("audit.k8s.io/v1", filter.Text("filterPattern"), StringComparison.Ordinal);
        Assert.Equal("extended_s3", stream.Text("destination"));
        Assert.Equal("GZIP", stream.Text("extendedS3Configuration.compressionFormat"));
        Assert.Equal(
            ["Decompression", "CloudWatchLogProcessing", "AppendDelimiterToRecord"],
            stream.List("extendedS3Configuration.processingConfiguration.processors").Cast<IReadOnlyDictionary<string, object>>().Select(each => each["type"]));
        Assert.Equal(true, stream.At("serverSideEncryption.enabled"));
    }

    [Fact]
    public async Task Payments_get_out_to_where_the_finance_log_lets_them_in()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"finance":{"port":9443}}}""");

        var door = resources.One(NetworkPolicy, "finance-log-producers");
        var way = resources.One(NetworkPolicy, "payments-to-finance-log");
        Assert.Equal("payments", way.At("metadata.namespace"));
        Assert.Equal("payments", door.Map("spec.ingress.0.from.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(door.At("metadata.namespace"), way.Map("spec.egress.0.to.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(door.Map("spec.podSelector.matchLabels"), way.Map("spec.egress.0.to.0.podSelector.matchLabels"));
        Assert.Equal(9443d, Number(door, "spec.ingress.0.ports.0.port"));
        Assert.Equal(9443d, Number(way, "spec.egress.0.ports.0.port"));
    }

    [Fact]
    public async Task Nothing_is_declared_where_it_is_switched_off()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"enabled":false}}""");

        Assert.Empty(resources.Of(Domain));
        Assert.Empty(resources.Of("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"));
        Assert.DoesNotContain(resources, resource => resource.Name.StartsWith("finance-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pay", "pay-logs")]
    [InlineData("a-cluster-with-a-long-name-one", "a-cluster-with-a")]
    public void A_domain_is_named_in_28_characters(string cluster, string beginning)
    {
        var name = SearchDomainName.Of(cluster);

        Assert.StartsWith(beginning, name, StringComparison.Ordinal);
        Assert.EndsWith("-logs", name, StringComparison.Ordinal);
        Assert.InRange(name.Length, 3, 28);
        Assert.NotEqual(name, SearchDomainName.Of(cluster + "x"));
    }

    private static double Number(RecordedResource resource, string path) => Convert.ToDouble(resource.At(path), System.Globalization.CultureInfo.InvariantCulture);
}
