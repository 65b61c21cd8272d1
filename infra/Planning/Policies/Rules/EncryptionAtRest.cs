using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class EncryptionAtRest : Policy
{
    public override string Id => "encryption-at-rest";

    public override string Title => "everything that keeps data encrypts it, with a key that somebody chose";

    public override string Why =>
        "Volumes, snapshots and logs outlive what wrote them; without the key, a copy in the wrong hands is worth nothing.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html");

    public override string Fix => "set the named property, and a KMS key where it asks for one";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        var keyed = graph.Of(
                "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
                "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2")
            .Where(configuration => configuration.Inputs.At("rules").Items()
                .Any(rule => rule.At("applyServerSideEncryptionByDefault", "sseAlgorithm").Text() is not null))
            .Select(configuration => configuration.Inputs.At("bucket").Text())
            .ToHashSet();
        return graph.Resources.SelectMany(resource => Problems(resource, keyed).Select(problem => Violation(resource, problem)));
    }

    private static IEnumerable<string> Problems(ResourceNode resource, HashSet<string?> keyedBuckets) => resource.Type switch
    {
        "aws:ec2/launchTemplate:LaunchTemplate" => resource.Inputs.At("blockDeviceMappings").Items()
            .Where(disk => !disk.At("ebs", "encrypted").IsTrue())
            .Select(disk => $"ebs.encrypted of {disk.At("deviceName").Text() ?? "a disk"} is not true"),
        "aws:ebs/volume:Volume" or "aws:efs/fileSystem:FileSystem" => Unless(resource, "encrypted"),
        "aws:rds/cluster:Cluster" or "aws:rds/instance:Instance" => Unless(resource, "storageEncrypted"),
        "aws:opensearch/domain:Domain" => Unless(resource, "encryptAtRest", "enabled"),
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream" => resource.Inputs.At("kinesisSourceConfiguration") is null
            ? Unless(resource, "serverSideEncryption", "enabled")
            : [],
        "aws:eks/cluster:Cluster" => Without(resource, "encryptionConfig", "provider", "keyArn"),
        "aws:sns/topic:Topic" => Without(resource, "kmsMasterKeyId"),
        "aws:cloudwatch/logGroup:LogGroup" => Without(resource, "kmsKeyId"),
        // SQS encrypts with a key of its own unless that is switched off.
        "aws:sqs/queue:Queue" => resource.Inputs.At("sqsManagedSseEnabled").IsTrue() ? [] : Without(resource, "kmsMasterKeyId"),
        "aws:ecr/repository:Repository" =>
            resource.Inputs.At("encryptionConfigurations").Items().Any(one => one.At("encryptionType").Text() is "KMS" or "KMS_DSSE")
                ? []
                : ["encryptionConfigurations names no KMS"],
        // S3 encrypts by itself since 2023, yet with a key that nobody can withdraw:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
        "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2" =>
            IsKeyed(resource, keyedBuckets) ? [] : ["no encryption configuration is declared for it"],
        "kubernetes:storage.k8s.io/v1:StorageClass" when resource.Inputs.At("provisioner").Text() == "ebs.csi.aws.com" =>
            Unless(resource, "parameters", "encrypted"),
        _ => [],
    };

    private static bool IsKeyed(ResourceNode bucket, HashSet<string?> keyedBuckets) =>
        keyedBuckets.Contains(bucket.Inputs.At("bucket").Text() ?? bucket.Id) || (bucket.Id is not null && keyedBuckets.Contains(bucket.Id));

    private static IEnumerable<string> Unless(ResourceNode resource, params string[] flag) =>
        resource.Inputs.At(flag).IsTrue() ? [] : [$"{string.Join('.', flag)} is not true"];

    private static IEnumerable<string> Without(ResourceNode resource, params string[] key) =>
        PolicyGraph.IsGiven(resource, key) ? [] : [$"{string.Join('.', key)} is not set"];
}
