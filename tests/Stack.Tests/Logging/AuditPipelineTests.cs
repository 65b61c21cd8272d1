using System.Text.Json;
using HaCluster.Stack.Logging.Audit;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Logging;

public class AuditPipelineTests
{
    private const string Queue = "aws:sqs/queue:Queue";
    private const string QueueArn = "arn:aws-test:sqs:eu-central-1:123456789012:ha-cluster-test-audit-queue";
    private const string Pipeline = "aws:opensearchingest/pipeline:Pipeline";
    private const string DomainArn = "arn:aws-test:es:eu-central-1:123456789012:domain/ha-cluster-test-logs";

    [Fact]
    public async Task Every_copy_is_announced_and_nothing_else()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var notification = resources.One("aws:s3/bucketNotification:BucketNotification", "audit-queue");
        var stream = resources.One("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "audit");

        Assert.Equal("ha-cluster-test-audit-123456789012", notification.Text("bucket"));
        Assert.EndsWith("/audit-queue", notification.Text("queues.0.queueArn"), StringComparison.Ordinal);
        Assert.Equal("s3:ObjectCreated:*", Assert.Single(notification.List("queues.0.events")));
        Assert.Equal(stream.At("extendedS3Configuration.prefix"), notification.At("queues.0.filterPrefix"));

        // What the pipeline itself leaves in the bucket would come back to it forever.
        Assert.DoesNotMatch($"^{notification.Text("queues.0.filterPrefix")}", AuditPipelineConfig.Rejected);
    }

    [Fact]
    public async Task Only_the_bucket_sends_and_only_over_TLS()
    {
        var statements = Statements(await DeclaredCluster.FromAsync("{}"), "aws:sqs/queuePolicy:QueuePolicy", "audit-queue", "policy");

        Assert.Equal("Deny", statements["TlsOnly"].GetProperty("Effect").GetString());
        var send = statements["S3Notifications"];
        Assert.Equal("s3.amazonaws.com", send.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal("sqs:SendMessage", send.GetProperty("Action").GetString());
        Assert.Equal("123456789012", send.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
        Assert.EndsWith("/audit", send.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:SourceArn").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3_may_use_the_key_for_this_queue_only()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var statements = Statements(resources, "aws:kms/key:Key", "logs-search", "policy");

        Assert.EndsWith("/logs-search", resources.One(Queue, "audit-queue").Text("kmsMasterKeyId"), StringComparison.Ordinal);
        Assert.Equal("s3.amazonaws.com", statements["S3Notifications"].GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(QueueArn, statements["S3Notifications"].GetProperty("Condition").GetProperty("StringEquals").GetProperty("kms:EncryptionContext:aws:sqs:arn").GetString());
        Assert.EndsWith($":{resources.One(Queue, "audit-queue").Text("name")}", QueueArn, StringComparison.Ordinal);
        Assert.DoesNotContain("S3Notifications", Statements(resources, "aws:kms/key:Key", "logs-archive", "policy").Keys);
    }

    [Fact]
    public async Task Messages_are_kept_as_long_as_can_be_and_those_that_fail_as_well()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var name in new[] { "audit-queue", "audit-queue-failed" })
            Assert.Equal(1_209_600, Number(resources.One(Queue, name), "messageRetentionSeconds"));
        var redrive = JsonDocument.Parse(resources.One(Queue, "audit-queue").Text("redrivePolicy")).RootElement;
        Assert.EndsWith("/audit-queue-failed", redrive.GetProperty("deadLetterTargetArn").GetString(), StringComparison.Ordinal);
        Assert.InRange(redrive.GetProperty("maxReceiveCount").GetInt32(), 10, 1000);
        var allowed = JsonDocument.Parse(resources.One(Queue, "audit-queue-failed").Text("redriveAllowPolicy")).RootElement;
        Assert.Equal("byQueue", allowed.GetProperty("redrivePermission").GetString());
        Assert.Equal(QueueArn, allowed.GetProperty("sourceQueueArns")[0].GetString());
    }

    [Theory]
    [InlineData("{}", 3, 2, 4)]
    [InlineData("""{"zones":2}""", 2, 2, 4)]
    [InlineData("""{"zones":4,"logging":{"audit":{"minUnits":3}}}""", 3, 3, 6)]
    public async Task The_pipeline_is_in_two_zones_at_least(string settings, int subnets, int min, int max)
    {
        var pipeline = (await DeclaredCluster.FromAsync(settings)).One(Pipeline, "audit-pipeline");

        Assert.Equal(subnets, pipeline.List("vpcOptions.subnetIds").Distinct().Count());
        Assert.Equal(min, Number(pipeline, "minUnits"));
        Assert.Equal(max, Number(pipeline, "maxUnits"));
        Assert.Equal(true, pipeline.At("logPublishingOptions.isLoggingEnabled"));
        Assert.StartsWith("/aws/vendedlogs/", pipeline.Text("logPublishingOptions.cloudwatchLogDestination.logGroup"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_role_is_for_this_pipeline_and_for_nothing_but_its_way()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var trust = Statements(resources, "aws:iam/role:Role", "audit-pipeline", "assumeRolePolicy")["AssumedByService"];
        var may = Statements(resources, "aws:iam/rolePolicy:RolePolicy", "audit-pipeline", "policy");

        Assert.Equal("osis-pipelines.amazonaws.com", trust.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal("123456789012", trust.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
        Assert.Equal(
            $"arn:aws-test:osis:eu-central-1:123456789012:pipeline/{resources.One(Pipeline, "audit-pipeline").Text("pipelineName")}",
            trust.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:SourceArn").GetString());
        Assert.Equal(["DescribeDomain", "ListBucket", "ReadAuditObjects", "ReceiveNotifications", "SearchApi", "UseKey", "WriteRejected"], may.Keys.Order(StringComparer.Ordinal));
        Assert.EndsWith("/records/*", may["ReadAuditObjects"].GetProperty("Resource").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("/rejected/*", may["WriteRejected"].GetProperty("Resource").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{DomainArn}/*", may["SearchApi"].GetProperty("Resource").GetString());
        Assert.All(may.Values, statement => Assert.NotEqual("*", statement.GetProperty("Resource").GetString()));
    }

    [Fact]
    public async Task The_domain_and_OpenSearch_itself_know_the_role()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        const string Role = "Role/audit-pipeline";

        Assert.Contains(Role, resources.One("aws:opensearch/domain:Domain", "search").Text("accessPolicies"), StringComparison.Ordinal);
        var setup = resources.Single(resource => resource.Type == "kubernetes:core/v1:ConfigMap" && resource.Name == "search-setup").Map("data");
        Assert.Contains(Role, (string)setup.Single(file => file.Key.EndsWith("rolesmapping-audit-writer.json", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_accepts_no_connection_and_opens_HTTPS_only()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var way = Assert.Single(resources.Of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), rule => Equals(rule.At("securityGroupId"), "audit-pipeline-id"));

        Assert.Equal(443, Number(way, "fromPort"));
        Assert.Equal(443, Number(way, "toPort"));
        Assert.DoesNotContain(resources.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), rule => Equals(rule.At("securityGroupId"), "audit-pipeline-id"));
    }

    [Theory]
    [InlineData("audit-search-late", "AWS/SQS", "ApproximateAgeOfOldestMessage", 3600)]
    [InlineData("audit-failed", "AWS/SQS", "ApproximateNumberOfMessagesVisible", 1)]
    [InlineData("audit-silent", "AWS/SQS", "NumberOfMessagesSent", 1)]
    [InlineData("audit-rejected", "AWS/OSIS", "audit-pipeline.opensearch.s3.dlqS3RecordsSuccess.count", 1)]
    [InlineData("audit-lost", "AWS/OSIS", "audit-pipeline.opensearch.s3.dlqS3RecordsFailed.count", 1)]
    [InlineData("audit-unread", "AWS/OSIS", "audit-pipeline.s3.s3ObjectsFailed.count", 1)]
    [InlineData("audit-full", "AWS/OSIS", "computeUnits", 4)]
    public async Task Every_stop_on_the_way_is_alerted(string name, string space, string metric, double threshold)
    {
        var alarm = (await DeclaredCluster.FromAsync("{}")).One("aws:cloudwatch/metricAlarm:MetricAlarm", name);

        Assert.Equal(space, alarm.Text("namespace"));
        Assert.Equal(metric, alarm.Text("metricName"));
        Assert.Equal(threshold, Convert.ToDouble(alarm.At("threshold"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(name == "audit-silent" ? "breaching" : "notBreaching", alarm.Text("treatMissingData"));
        Assert.Single(alarm.List("alarmActions"));
        Assert.NotEmpty(Assert.Single(alarm.Map("dimensions")).Value.ToString()!);
    }

    [Fact]
    public async Task Switched_off_it_leaves_the_trail_and_removes_the_rest()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"audit":{"searchable":false}}}""");

        Assert.Empty(resources.Of(Pipeline));
        Assert.Empty(resources.Of(Queue));
        Assert.Empty(resources.Of("aws:s3/bucketNotification:BucketNotification"));
        Assert.NotEmpty(resources.Of("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"));
        var setup = resources.Single(resource => resource.Type == "kubernetes:core/v1:ConfigMap" && resource.Name == "search-setup").Map("data");
        Assert.DoesNotContain(setup.Keys, file => file.Contains("audit-writer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pay", "pay-audit")]
    [InlineData("a-cluster-with-a-long-name-one", "a-cluster-with-")]
    public void A_pipeline_is_named_in_28_characters(string cluster, string beginning)
    {
        var name = AuditPipelineName.Of(cluster);

        Assert.StartsWith(beginning, name, StringComparison.Ordinal);
        Assert.Matches(@"^[a-z][a-z0-9-]{2,27}\z", name);
        Assert.NotEqual(name, AuditPipelineName.Of(cluster + "x"));
    }

    private static Dictionary<string, JsonElement> Statements(IReadOnlyList<RecordedResource> resources, string type, string name, string property) =>
        JsonDocument.Parse(resources.One(type, name).Text(property)).RootElement.GetProperty("Statement").EnumerateArray()
            .ToDictionary(statement => statement.GetProperty("Sid").GetString()!);

    private static int Number(RecordedResource resource, string path) => Convert.ToInt32(resource.At(path), System.Globalization.CultureInfo.InvariantCulture);
}
