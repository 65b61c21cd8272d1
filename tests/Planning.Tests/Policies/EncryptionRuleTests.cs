using HaCluster.Engine.Values;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class EncryptionRuleTests
{
    private const string AtRest = "encryption-at-rest";
    private const string InTransit = "encryption-in-transit";

    [Theory]
    [InlineData("aws:ec2/launchTemplate:LaunchTemplate", """{"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{"encrypted":"true"}}]}""", """{"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{}}]}""", "ebs.encrypted of /dev/xvda is not true")]
    [InlineData("aws:ebs/volume:Volume", """{"encrypted":true}""", "{}", "encrypted is not true")]
    [InlineData("aws:efs/fileSystem:FileSystem", """{"encrypted":true}""", "{}", "encrypted is not true")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true}""", "{}", "storageEncrypted is not true")]
    [InlineData("aws:opensearch/domain:Domain", """{"encryptAtRest":{"enabled":true}}""", """{"encryptAtRest":{"enabled":false}}""", "encryptAtRest.enabled is not true")]
    [InlineData("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", """{"serverSideEncryption":{"enabled":true}}""", "{}", "serverSideEncryption.enabled is not true")]
    [InlineData("aws:eks/cluster:Cluster", """{"encryptionConfig":{"provider":{"keyArn":"arn:key"}}}""", "{}", "encryptionConfig.provider.keyArn is not set")]
    [InlineData("aws:sns/topic:Topic", """{"kmsMasterKeyId":{"$unknown":true}}""", """{"kmsMasterKeyId":""}""", "kmsMasterKeyId is not set")]
    [InlineData("aws:cloudwatch/logGroup:LogGroup", """{"kmsKeyId":{"$secret":"arn:key"}}""", """{"kmsKeyId":null}""", "kmsKeyId is not set")]
    [InlineData("aws:sqs/queue:Queue", """{"sqsManagedSseEnabled":true}""", """{"sqsManagedSseEnabled":false}""", "kmsMasterKeyId is not set")]
    [InlineData("aws:ecr/repository:Repository", """{"encryptionConfigurations":[{"encryptionType":"KMS"}]}""", """{"encryptionConfigurations":[{"encryptionType":"AES256"}]}""", "encryptionConfigurations names no KMS")]
    [InlineData("kubernetes:storage.k8s.io/v1:StorageClass", """{"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"true"}}""", """{"provisioner":"ebs.csi.aws.com"}""", "parameters.encrypted is not true")]
    public void Whatever_keeps_data_encrypts_it(string type, string holds, string violates, string problem)
    {
        Assert.Empty(Checked.Problems(AtRest, type, Json.Of(holds)));
        Assert.Equal([$"{type[(type.LastIndexOf(':') + 1)..]} it: {problem}"], Checked.Problems(AtRest, type, Json.Of(violates)));
    }

    [Theory]
    [InlineData("data", true)]
    [InlineData("other", false)]
    public void A_bucket_has_a_configuration_of_its_own(string configured, bool holds)
    {
        var problems = Checked.Problems(AtRest, graph =>
        {
            graph.Resource("aws:s3/bucket:Bucket", "data", new { bucket = "data" });
            graph.Resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "data", new
            {
                bucket = configured,
                rules = new[] { new { applyServerSideEncryptionByDefault = new { sseAlgorithm = "aws:kms" } } },
            });
        });
        Assert.Equal(holds ? [] : ["Bucket data: no encryption configuration is declared for it"], problems);
    }

    [Theory]
    [InlineData("aws:opensearch/domain:Domain", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true}}""", """{"nodeToNodeEncryption":{"enabled":true}}""", "domainEndpointOptions.enforceHttps is not true")]
    [InlineData("aws:opensearch/domain:Domain", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true}}""", """{"domainEndpointOptions":{"enforceHttps":true}}""", "nodeToNodeEncryption.enabled is not true")]
    [InlineData("aws:rds/proxy:Proxy", """{"requireTls":true}""", """{"requireTls":false}""", "requireTls is not true")]
    [InlineData("aws:lb/listener:Listener", """{"protocol":"HTTP","defaultActions":[{"type":"redirect","redirect":{"protocol":"HTTPS"}}]}""", """{"protocol":"HTTP","defaultActions":[{"type":"forward"}]}""", "answers HTTP with more than a redirect to HTTPS")]
    public void Whatever_carries_data_encrypts_it(string type, string holds, string violates, string problem)
    {
        Assert.Empty(Checked.Problems(InTransit, type, Json.Of(holds)));
        Assert.Equal([$"{type[(type.LastIndexOf(':') + 1)..]} it: {problem}"], Checked.Problems(InTransit, type, Json.Of(violates)));
    }

    [Theory]
    [InlineData("aurora-postgresql", "rds.force_ssl", "1", null)]
    [InlineData("aurora-mysql", "require_secure_transport", "ON", null)]
    [InlineData("aurora-postgresql", "rds.force_ssl", "0", "ClusterParameterGroup own: rds.force_ssl is not on")]
    [InlineData("aurora-mysql", "rds.force_ssl", "1", "ClusterParameterGroup own: require_secure_transport is not on")]
    public void The_parameters_of_a_database_refuse_connections_in_clear(string engine, string parameter, string value, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Checked.Problems(InTransit, graph =>
        {
            graph.Resource("aws:rds/cluster:Cluster", "db", new { engine, dbClusterParameterGroupName = "own" });
            graph.Resource("aws:rds/clusterParameterGroup:ClusterParameterGroup", "own", new { name = "own", parameters = new[] { new { name = parameter, value } } });
        }));

    [Fact]
    public void Parameters_from_elsewhere_are_reported_as_not_inspected()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:rds/cluster:Cluster", "db", new { engine = "aurora-mysql", dbClusterParameterGroupName = "of-someone-else" });
        Assert.Equal(["database db: its parameters"], Checked.Of(InTransit, graph.Build()).NotInspected.AsEnumerable());
    }

    [Theory]
    [InlineData("Deny", "false", true)]
    [InlineData("Allow", "false", false)]
    [InlineData("Deny", "true", false)]
    public void A_bucket_refuses_requests_in_clear(string effect, string transport, bool holds)
    {
        var policy = $$$"""
            {"Statement":[{"Effect":"{{{effect}}}","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"{{{transport}}}"} } }]}
            """;
        var problems = Checked.Problems(InTransit, graph =>
        {
            graph.Resource("aws:s3/bucket:Bucket", "data", new { bucket = "data" });
            graph.Resource("aws:s3/bucketPolicy:BucketPolicy", "data", new { bucket = "data", policy });
        });
        Assert.Equal(holds ? [] : ["Bucket data: no policy of it denies requests in clear (aws:SecureTransport)"], problems);
    }

    [Theory]
    [InlineData("http", "https", null)]
    [InlineData("https", null, null)]
    [InlineData("http", null, "HTTPRoute shop: serves in clear on listener http of Gateway edge")]
    [InlineData(null, null, "HTTPRoute shop: serves in clear on listener http of Gateway edge")]
    public void A_route_on_a_clear_listener_only_redirects(string? section, string? redirect, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Checked.Problems(InTransit, graph =>
        {
            graph.Resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "edge", new
            {
                metadata = new { name = "edge", @namespace = "platform" },
                spec = new { listeners = new[] { new { name = "http", protocol = "HTTP" }, new { name = "https", protocol = "HTTPS" } } },
            });
            graph.Resource("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "shop", new
            {
                metadata = new { name = "shop", @namespace = "shop" },
                spec = new
                {
                    parentRefs = new[] { new { name = "edge", @namespace = "platform", sectionName = section } },
                    rules = new[] { new { filters = redirect is null ? Values.Of(Array.Empty<object>()) : Values.Of(new[] { new { requestRedirect = new { scheme = redirect } } }) } },
                },
            });
        }));

    [Fact]
    public void A_value_that_is_not_known_yet_is_not_taken_for_missing() =>
        Assert.Empty(Checked.Problems(AtRest, "aws:eks/cluster:Cluster", new { encryptionConfig = PropertyValue.Unknown.Instance }));
}
