using HaCluster.Engine.Values;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class EncryptionRuleTests
{
    private const string AtRest = "encryption-at-rest";
    private const string InTransit = "encryption-in-transit";

    private const string OwnKey = "arn:aws:kms:eu-central-1:123456789012:key/own";
    private const string Off = "is not set: it is not encrypted";
    private const string OfAws = "is not set: it is encrypted with an AWS owned key, which you cannot restrict or revoke";
    private const string Managed = "is not set: it is encrypted with a key that AWS manages";

    // From the strongest on, each weaker than the one before; what each service does by itself is in the source of the reader.
    [Theory]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true,"kmsKeyId":"KEY"}""")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true,"kmsKeyId":"alias/aws/rds"}""", "kmsKeyId is alias/aws/rds, a key that AWS manages")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true}""", $"kmsKeyId {Managed}")]
    [InlineData("aws:rds/cluster:Cluster", "{}", $"storageEncrypted {Off}")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":false,"kmsKeyId":"KEY"}""", $"storageEncrypted {Off}")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true,"kmsKeyId":"KEY","manageMasterUserPassword":true,"masterUserSecretKmsKeyId":"KEY"}""")]
    [InlineData("aws:rds/cluster:Cluster", """{"storageEncrypted":true,"kmsKeyId":"KEY","manageMasterUserPassword":true}""", $"masterUserSecretKmsKeyId {Managed}")]
    [InlineData("aws:eks/cluster:Cluster", """{"encryptionConfig":{"provider":{"keyArn":"KEY"}}}""")]
    [InlineData("aws:eks/cluster:Cluster", "{}", $"encryptionConfig.provider.keyArn {OfAws}")]
    [InlineData("aws:secretsmanager/secret:Secret", """{"kmsKeyId":"KEY"}""")]
    [InlineData("aws:secretsmanager/secret:Secret", "{}", $"kmsKeyId {Managed}")]
    [InlineData("aws:opensearch/domain:Domain", """{"encryptAtRest":{"enabled":true,"kmsKeyId":"KEY"}}""")]
    [InlineData("aws:opensearch/domain:Domain", """{"encryptAtRest":{"enabled":true}}""", $"encryptAtRest.kmsKeyId {Managed}")]
    [InlineData("aws:opensearch/domain:Domain", """{"encryptAtRest":{"enabled":false}}""", $"encryptAtRest.enabled {Off}")]
    [InlineData("aws:cloudwatch/logGroup:LogGroup", """{"kmsKeyId":"KEY"}""")]
    [InlineData("aws:cloudwatch/logGroup:LogGroup", """{"kmsKeyId":null}""", $"kmsKeyId {OfAws}")]
    [InlineData("aws:ebs/volume:Volume", """{"encrypted":true,"kmsKeyId":"KEY"}""")]
    [InlineData("aws:ebs/volume:Volume", """{"encrypted":true}""", $"kmsKeyId {Managed}")]
    [InlineData("aws:efs/fileSystem:FileSystem", "{}", $"encrypted {Off}")]
    [InlineData("kubernetes:storage.k8s.io/v1:StorageClass", """{"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"true","kmsKeyId":"KEY"}}""")]
    [InlineData("kubernetes:storage.k8s.io/v1:StorageClass", """{"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"true"}}""", $"parameters.kmsKeyId {Managed}")]
    [InlineData("kubernetes:storage.k8s.io/v1:StorageClass", """{"provisioner":"ebs.csi.aws.com"}""", $"parameters.encrypted {Off}")]
    [InlineData("kubernetes:storage.k8s.io/v1:StorageClass", """{"provisioner":"efs.csi.aws.com"}""")]
    [InlineData("aws:dynamodb/table:Table", """{"serverSideEncryption":{"enabled":true,"kmsKeyArn":"KEY"}}""")]
    [InlineData("aws:dynamodb/table:Table", """{"serverSideEncryption":{"enabled":true}}""", $"serverSideEncryption.kmsKeyArn {Managed}")]
    [InlineData("aws:dynamodb/table:Table", "{}", $"serverSideEncryption.enabled {OfAws}")]
    // Any key that is logged is enough for the disks of nodes, messages and images.
    [InlineData("aws:ec2/launchTemplate:LaunchTemplate", """{"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{"encrypted":"true"}}]}""")]
    [InlineData("aws:ec2/launchTemplate:LaunchTemplate", """{"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{}}]}""", $"ebs.encrypted of /dev/xvda {Off}")]
    [InlineData("aws:ec2/instance:Instance", """{"rootBlockDevice":{"encrypted":true}}""")]
    [InlineData("aws:ec2/instance:Instance", "{}", $"encrypted of the root volume {Off}")]
    [InlineData("aws:sns/topic:Topic", """{"kmsMasterKeyId":"alias/aws/sns"}""")]
    [InlineData("aws:sns/topic:Topic", """{"kmsMasterKeyId":""}""", $"kmsMasterKeyId {Off}")]
    [InlineData("aws:sqs/queue:Queue", "{}")]
    [InlineData("aws:sqs/queue:Queue", """{"sqsManagedSseEnabled":false,"kmsMasterKeyId":"KEY"}""")]
    [InlineData("aws:sqs/queue:Queue", """{"sqsManagedSseEnabled":false}""", $"sqsManagedSseEnabled {Off}")]
    [InlineData("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", """{"serverSideEncryption":{"enabled":true}}""")]
    [InlineData("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "{}", $"serverSideEncryption.enabled {Off}")]
    [InlineData("aws:ecr/repository:Repository", """{"encryptionConfigurations":[{"encryptionType":"KMS"}]}""")]
    [InlineData("aws:ecr/repository:Repository", """{"encryptionConfigurations":[{"encryptionType":"AES256"}]}""", $"encryptionConfigurations with encryptionType KMS {OfAws}")]
    public void Data_is_encrypted_with_a_key_that_is_strong_enough(string type, string inputs, string? problem = null) =>
        Assert.Equal(problem is null ? [] : [$"{type[(type.LastIndexOf(':') + 1)..]} it: {problem}"], Checked.Problems(AtRest, graph =>
        {
            graph.Resource("aws:kms/key:Key", "own", outputs: new { arn = OwnKey });
            graph.Resource(type, "it", Json.Of(inputs.Replace("KEY", OwnKey, StringComparison.Ordinal)));
        }));

    [Theory]
    [InlineData("""{"kmsKeyId":{"$unknown":true}}""")]
    [InlineData("""{"kmsKeyId":{"$secret":"arn:aws:kms:eu-central-1:123456789012:key/own"}}""")]
    [InlineData("""{"kmsKeyId":"arn:aws:kms:eu-central-1:123456789012:key/of-someone-else"}""")]
    [InlineData("""{"kmsKeyId":"alias/of-someone-else"}""")]
    public void A_key_that_is_not_declared_here_may_be_anybodys(string inputs)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:cloudwatch/logGroup:LogGroup", "it", Json.Of(inputs));
        var result = Checked.Of(AtRest, graph.Build());
        Assert.Equal(PolicyStatus.Incomplete, result.Status);
        Assert.EndsWith("kmsKeyId of LogGroup it: it is not declared here", Assert.Single(result.NotInspected), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_of_an_own_key_and_encryption_by_default_count()
    {
        Assert.Empty(Checked.Problems(AtRest, graph =>
        {
            graph.Resource("aws:kms/alias:Alias", "data", new { name = "alias/prod/data" });
            graph.Resource("aws:ebs/volume:Volume", "it", new { encrypted = true, kmsKeyId = "alias/prod/data" });
        }));
        Assert.Empty(Checked.Problems(AtRest, graph =>
        {
            graph.Resource("aws:ebs/encryptionByDefault:EncryptionByDefault", "on");
            graph.Resource("aws:ec2/launchTemplate:LaunchTemplate", "it", Json.Of("""{"blockDeviceMappings":[{"ebs":{"volumeSize":50}}]}"""));
        }));
    }

    [Theory]
    [InlineData("data", "aws:kms", OwnKey)]
    [InlineData("data", "aws:kms:dsse", OwnKey)]
    [InlineData("data", "aws:kms", null, $"kmsMasterKeyId of its encryption configuration {Managed}")]
    [InlineData("data", "aws:kms", "alias/aws/s3", "kmsMasterKeyId of its encryption configuration is alias/aws/s3, a key that AWS manages")]
    [InlineData("data", "AES256", null, $"sseAlgorithm aws:kms {OfAws}")]
    [InlineData("other", "aws:kms", OwnKey, $"a BucketServerSideEncryptionConfiguration {OfAws}")]
    public void A_bucket_has_a_configuration_with_a_key_of_its_own(string configured, string algorithm, string? key, string? problem = null)
    {
        var problems = Checked.Problems(AtRest, graph =>
        {
            graph.Resource("aws:kms/key:Key", "own", outputs: new { arn = OwnKey });
            graph.Resource("aws:s3/bucket:Bucket", "data", new { bucket = "data" });
            graph.Resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "data", new
            {
                bucket = configured,
                rules = new[] { new { applyServerSideEncryptionByDefault = new { sseAlgorithm = algorithm, kmsMasterKeyId = key } } },
            });
        });
        Assert.Equal(problem is null ? [] : [$"Bucket data: {problem}"], problems);
    }

    // https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html, https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
    [Theory]
    [InlineData("""{"enableKeyRotation":true}""")]
    [InlineData("{}", "enableKeyRotation is not true")]
    [InlineData("""{"keyUsage":"SIGN_VERIFY","customerMasterKeySpec":"ECC_NIST_P256"}""")]
    [InlineData("""{"enableKeyRotation":true,"rotationPeriodInDays":365}""")]
    [InlineData("""{"enableKeyRotation":true,"rotationPeriodInDays":2560}""", "rotationPeriodInDays is 2560, above 365")]
    [InlineData("""{"enableKeyRotation":true,"deletionWindowInDays":14}""")]
    [InlineData("""{"enableKeyRotation":true,"deletionWindowInDays":7}""", "deletionWindowInDays is 7, below 14")]
    [InlineData("""{"enableKeyRotation":true,"isEnabled":false}""", "isEnabled is not true: what it has encrypted cannot be read")]
    [InlineData("""{"enableKeyRotation":true,"bypassPolicyLockoutSafetyCheck":true}""", "bypassPolicyLockoutSafetyCheck is true: its policy may lock out everyone who could change it")]
    public void Keys_rotate_and_outlive_a_mistake(string inputs, string? problem = null) =>
        Assert.Equal(problem is null ? [] : [$"Key it: {problem}"], Checked.Problems("kms-keys", "aws:kms/key:Key", Json.Of(inputs)));

    [Theory]
    [InlineData("aws:opensearch/domain:Domain", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true,"tlsSecurityPolicy":"Policy-Min-TLS-1-2-2019-07"}}""", """{"nodeToNodeEncryption":{"enabled":true}}""", "domainEndpointOptions.enforceHttps is not true")]
    [InlineData("aws:opensearch/domain:Domain", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true,"tlsSecurityPolicy":"Policy-Min-TLS-1-2-PFS-2023-10"}}""", """{"domainEndpointOptions":{"enforceHttps":true,"tlsSecurityPolicy":"Policy-Min-TLS-1-2-PFS-2023-10"}}""", "nodeToNodeEncryption.enabled is not true")]
    [InlineData("aws:opensearch/domain:Domain", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true,"tlsSecurityPolicy":"Policy-Min-TLS-1-2-2019-07"}}""", """{"nodeToNodeEncryption":{"enabled":true},"domainEndpointOptions":{"enforceHttps":true}}""", "domainEndpointOptions.tlsSecurityPolicy accepts TLS 1.0")]
    [InlineData("aws:lb/listener:Listener", """{"protocol":"HTTPS","sslPolicy":"ELBSecurityPolicy-TLS13-1-2-2021-06"}""", """{"protocol":"HTTPS"}""", "sslPolicy accepts TLS 1.0 or 1.1")]
    [InlineData("aws:lb/listener:Listener", """{"protocol":"TLS","sslPolicy":"ELBSecurityPolicy-FS-1-2-Res-2020-10"}""", """{"protocol":"TLS","sslPolicy":"ELBSecurityPolicy-TLS13-1-0-2021-06"}""", "sslPolicy accepts TLS 1.0 or 1.1")]
    [InlineData("aws:rds/proxy:Proxy", """{"requireTls":true}""", """{"requireTls":false}""", "requireTls is not true")]
    [InlineData("aws:lb/listener:Listener", """{"protocol":"HTTP","defaultActions":[{"type":"redirect","redirect":{"protocol":"HTTPS"}}]}""", """{"protocol":"HTTP","defaultActions":[{"type":"forward"}]}""", "serves plain HTTP instead of redirecting to HTTPS")]
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

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    [Theory]
    [InlineData("Deny", "*", "s3:*", """{"Bool":{"aws:SecureTransport":"false"}}""", true)]
    [InlineData("Deny", "*", "s3:*", """{"BoolIfExists":{"aws:securetransport":false}}""", true)]
    [InlineData("Allow", "*", "s3:*", """{"Bool":{"aws:SecureTransport":"false"}}""", false)]
    [InlineData("Deny", "*", "s3:*", """{"Bool":{"aws:SecureTransport":"true"}}""", false)]
    [InlineData("Deny", "*", "s3:PutObject", """{"Bool":{"aws:SecureTransport":"false"}}""", false)]
    [InlineData("Deny", "arn:aws:iam::123456789012:root", "s3:*", """{"Bool":{"aws:SecureTransport":"false"}}""", false)]
    [InlineData("Deny", "*", "s3:*", """{"Bool":{"aws:SecureTransport":"false"},"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}""", false)]
    public void A_bucket_refuses_requests_in_clear(string effect, string principal, string action, string condition, bool holds)
    {
        var policy = $$$"""
            {"Statement":[{"Effect":"{{{effect}}}","Principal":{"AWS":"{{{principal}}}"},"Action":"{{{action}}}","Resource":"*","Condition":{{{condition}}}}]}
            """;
        var problems = Checked.Problems(InTransit, graph =>
        {
            graph.Resource("aws:s3/bucket:Bucket", "data", new { bucket = "data" });
            graph.Resource("aws:s3/bucketPolicy:BucketPolicy", "data", new { bucket = "data", policy });
        });
        Assert.Equal(holds ? [] : ["Bucket data: no bucket policy denies unencrypted requests (aws:SecureTransport)"], problems);
    }

    [Theory]
    [InlineData("http", "https", null)]
    [InlineData("https", null, null)]
    [InlineData("http", null, "HTTPRoute shop: serves plain HTTP on listener http of Gateway edge")]
    [InlineData(null, null, "HTTPRoute shop: serves plain HTTP on listener http of Gateway edge")]
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
