using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Facts;

/// <summary>The owner of an encryption key, weakest first: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt.</summary>
public enum KeyOwner
{
    /// <summary>It is not encrypted.</summary>
    None,

    /// <summary>An AWS owned key, shared by many accounts: the customer cannot see, limit or withdraw it.</summary>
    Aws,

    /// <summary>An AWS managed key in the account (<c>alias/aws/...</c>): its use is logged, but cannot be limited or withdrawn.</summary>
    AwsInAccount,

    /// <summary>A customer managed key with its own policy: withdrawing it makes every copy unreadable.</summary>
    Customer,
}

/// <summary>A data store, and the owner of its encryption key.</summary>
/// <param name="Subject">The short name: <c>storage class gp3</c>.</param>
/// <param name="Property">The property that would make it as strong as required.</param>
/// <param name="Owner">The owner of the key; null when the named key cannot be resolved here.</param>
/// <param name="Required">The weakest owner that is acceptable for this kind of data.</param>
/// <param name="Key">The named key; null when none is named, and then <see cref="Owner"/> is the default of AWS.</param>
public sealed record EncryptionFacts(ResourceNode Resource, string Subject, string Property, KeyOwner? Owner, KeyOwner Required, string? Key)
{
    public bool IsEncrypted => Owner != KeyOwner.None;

    internal static ImmutableArray<EncryptionFacts> Of(IReadOnlyCollection<ResourceNode> resources) => new EncryptionReader(resources).Read();
}

/// <param name="Flag">The property that enables encryption; null when naming a key enables it, or when AWS always encrypts.</param>
/// <param name="Key">The property that names the key.</param>
/// <param name="Unset">The owner of the key when nothing is set.</param>
/// <param name="Unkeyed">The owner of the key when encryption is on and no key is named.</param>
/// <param name="Required">
/// A key of the customer for what outlives the cluster and holds its secrets or its customers' data: databases, volumes, files, logs, objects,
/// secrets. Messages wait for minutes, images can be rebuilt, and node disks hold neither: for these an AWS managed key is enough.
/// </param>
/// <param name="Off">The owner of the key when encryption is off.</param>
/// <param name="IsKeyEnough">Whether naming a key enables encryption regardless of the flag.</param>
internal sealed record DataStore(
    string? Flag, string Key, KeyOwner Unset, KeyOwner Unkeyed, KeyOwner Required, KeyOwner Off = KeyOwner.None, bool IsKeyEnough = false);

internal sealed class EncryptionReader
{
    private const KeyOwner None = KeyOwner.None;
    private const KeyOwner Aws = KeyOwner.Aws;
    private const KeyOwner Account = KeyOwner.AwsInAccount;
    private const KeyOwner Customer = KeyOwner.Customer;

    private static readonly string[] Keys = ["aws:kms/key:Key", "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey"];

    private static readonly FrozenDictionary<string, DataStore> Stores = new Dictionary<string, DataStore>
    {
        // Without a key EKS encrypts all of etcd with one of AWS: https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
        ["aws:eks/cluster:Cluster"] = new(null, "encryptionConfig.provider.keyArn", Aws, Aws, Customer),
        ["aws:secretsmanager/secret:Secret"] = new(null, "kmsKeyId", Account, Account, Customer),
        ["aws:rds/cluster:Cluster"] = new("storageEncrypted", "kmsKeyId", None, Account, Customer),
        ["aws:rds/instance:Instance"] = new("storageEncrypted", "kmsKeyId", None, Account, Customer),
        ["aws:docdb/cluster:Cluster"] = new("storageEncrypted", "kmsKeyId", None, Account, Customer),
        ["aws:neptune/cluster:Cluster"] = new("storageEncrypted", "kmsKeyArn", None, Account, Customer),
        ["aws:redshift/cluster:Cluster"] = new("encrypted", "kmsKeyId", None, Account, Customer),
        ["aws:elasticache/replicationGroup:ReplicationGroup"] = new("atRestEncryptionEnabled", "kmsKeyId", None, Aws, Customer),
        // Always encrypted: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
        ["aws:dynamodb/table:Table"] = new("serverSideEncryption.enabled", "serverSideEncryption.kmsKeyArn", Aws, Account, Customer, Off: Aws),
        ["aws:opensearch/domain:Domain"] = new("encryptAtRest.enabled", "encryptAtRest.kmsKeyId", None, Account, Customer),
        // Always encrypted: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        ["aws:cloudwatch/logGroup:LogGroup"] = new(null, "kmsKeyId", Aws, Aws, Customer),
        ["aws:ebs/volume:Volume"] = new("encrypted", "kmsKeyId", None, Account, Customer),
        ["aws:efs/fileSystem:FileSystem"] = new("encrypted", "kmsKeyId", None, Account, Customer),
        ["aws:backup/vault:Vault"] = new(null, "kmsKeyArn", Account, Account, Customer),
        ["kubernetes:storage.k8s.io/v1:StorageClass"] = new("parameters.encrypted", "parameters.kmsKeyId", None, Account, Customer),
        ["aws:sns/topic:Topic"] = new(null, "kmsMasterKeyId", None, None, Account),
        // With a key of SQS unless that is switched off: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
        ["aws:sqs/queue:Queue"] = new("sqsManagedSseEnabled", "kmsMasterKeyId", Aws, Aws, Aws, IsKeyEnough: true),
        ["aws:kinesis/stream:Stream"] = new(null, "kmsKeyId", None, None, Account),
        ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"] = new("serverSideEncryption.enabled", "serverSideEncryption.keyArn", None, Aws, Aws),
    }.ToFrozenDictionary();

    // Images can be pushed again when lost.
    private static readonly DataStore Images = new(null, "encryptionConfigurations", Aws, Account, Account);

    // A customer managed key would have to allow the service-linked role of Auto Scaling, and the disks hold no data that is not stored elsewhere.
    private static readonly DataStore NodeDisk = new("encrypted", "kmsKeyId", None, Account, Account);

    private static readonly DataStore MasterPassword = new(null, "masterUserSecretKmsKeyId", Account, Account, Customer);

    private static readonly DataStore Objects = new(null, "kmsMasterKeyId", Aws, Account, Customer);

    private readonly IReadOnlyCollection<ResourceNode> _resources;
    private readonly HashSet<string> _ownKeys = [];
    private readonly Dictionary<string, PropertyValue> _bucketRules = [];
    private readonly bool _encryptsVolumesByDefault;

    public EncryptionReader(IReadOnlyCollection<ResourceNode> resources)
    {
        _resources = resources;
        foreach (var resource in resources)
        {
            switch (resource.Type)
            {
                case var type when Keys.Contains(type):
                    AddKey(resource.Id, resource.Outputs.At("arn").Text(), resource.Outputs.At("keyId").Text());
                    break;
                case "aws:kms/alias:Alias" when resource.Inputs.At("name").Text() is { } alias && !alias.StartsWith("alias/aws/", StringComparison.Ordinal):
                    AddKey(alias, resource.Outputs.At("arn").Text(), resource.Id);
                    break;
                case "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
                    or "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2":
                    if (resource.Inputs.At("bucket").Text() is { } bucket
                        && resource.Inputs.At("rules").Items() is [var rule, ..] && rule.At("applyServerSideEncryptionByDefault") is { } applied)
                        _bucketRules[bucket] = applied;
                    break;
                case "aws:ebs/encryptionByDefault:EncryptionByDefault":
                    _encryptsVolumesByDefault |= resource.Inputs.At("enabled") is null || resource.Inputs.At("enabled").IsTrue();
                    break;
            }
        }
    }

    public ImmutableArray<EncryptionFacts> Read() =>
        [.. _resources.SelectMany(Read).OrderBy(fact => fact.Subject, StringComparer.Ordinal).ThenBy(fact => fact.Property, StringComparer.Ordinal)];

    private IEnumerable<EncryptionFacts> Read(ResourceNode resource)
    {
        var inputs = new PropertyValue.Map(resource.Inputs);
        switch (resource.Type)
        {
            case "aws:ec2/launchTemplate:LaunchTemplate":
                return ReadDisks(resource, resource.Inputs.At("blockDeviceMappings").Items().Select(disk => (disk.At("deviceName").Text(), disk.At("ebs"))));
            case "aws:ec2/instance:Instance":
                return ReadDisks(resource, resource.Inputs.At("ebsBlockDevices").Items().Select(disk => (disk.At("deviceName").Text(), disk.At()))
                    .Prepend(("the root volume", resource.Inputs.At("rootBlockDevice"))));
            case "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2":
                return [ReadBucket(resource)];
            case "aws:ecr/repository:Repository":
                return [ReadRepository(resource)];
            case "kubernetes:storage.k8s.io/v1:StorageClass" when resource.Inputs.At("provisioner").Text() != "ebs.csi.aws.com":
                return [];
            // Data that comes from a stream is encrypted in the stream.
            case "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream" when resource.Inputs.At("kinesisSourceConfiguration") is not null:
                return [];
            case "aws:rds/cluster:Cluster" or "aws:rds/instance:Instance" when resource.Inputs.At("manageMasterUserPassword").IsTrue():
                return [Fact(resource, SubjectOf(resource), Stores[resource.Type], inputs, ""), Fact(resource, $"password of {resource.Name}", MasterPassword, inputs, "")];
            default:
                return Stores.TryGetValue(resource.Type, out var store) ? [Fact(resource, SubjectOf(resource), store, inputs, "")] : [];
        }
    }

    private IEnumerable<EncryptionFacts> ReadDisks(ResourceNode resource, IEnumerable<(string? Name, PropertyValue? Disk)> disks)
    {
        var store = _encryptsVolumesByDefault ? NodeDisk with { Unset = Account } : NodeDisk;
        var prefix = resource.Type.EndsWith("Template", StringComparison.Ordinal) ? "ebs." : "";
        return disks.Select(disk =>
            Fact(resource, $"{disk.Name ?? "a disk"} of {resource.Name}", store, disk.Disk ?? PropertyValue.Null.Instance, prefix, $" of {disk.Name ?? "a disk"}"));
    }

    private EncryptionFacts ReadBucket(ResourceNode bucket)
    {
        var rule = _bucketRules.GetValueOrDefault(bucket.Inputs.At("bucket").Text() ?? "") ?? _bucketRules.GetValueOrDefault(bucket.Id ?? "")
            ?? bucket.Inputs.At("serverSideEncryptionConfiguration", "rule", "applyServerSideEncryptionByDefault");
        // S3 encrypts every new object by itself: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
        return rule.At("sseAlgorithm").Text() is { } algorithm && algorithm.StartsWith("aws:kms", StringComparison.Ordinal)
            ? Fact(bucket, SubjectOf(bucket), Objects with { Unset = Account }, rule!, "", " of its encryption configuration")
            : new EncryptionFacts(bucket, SubjectOf(bucket), rule is null ? "a BucketServerSideEncryptionConfiguration" : "sseAlgorithm aws:kms", Aws, Customer, null);
    }

    private EncryptionFacts ReadRepository(ResourceNode repository)
    {
        var keyed = repository.Inputs.At("encryptionConfigurations").Items()
            .FirstOrDefault(one => one.At("encryptionType").Text()?.StartsWith("KMS", StringComparison.Ordinal) == true);
        var key = keyed is null ? null : ((PropertyValue.Map)keyed.At()!).Entries.GetValueOrDefault("kmsKey");
        var owner = keyed is null ? Aws : OwnerOf(key) is (true, var of) ? of : Account;
        return new EncryptionFacts(repository, SubjectOf(repository), "encryptionConfigurations with encryptionType KMS", owner, Images.Required, key.Text());
    }

    private EncryptionFacts Fact(ResourceNode resource, string subject, DataStore store, PropertyValue inputs, string prefix, string suffix = "")
    {
        var (isKeyed, owner) = OwnerOf(Raw(inputs, store.Key));
        var key = isKeyed ? Raw(inputs, store.Key).Text() : null;
        if (store.Flag is null)
            return Of($"{prefix}{store.Key}{suffix}", isKeyed ? owner : store.Unset);
        var flag = Raw(inputs, store.Flag);
        if (flag is not null && (flag.IsSecret() || flag.ContainsUnknowns()))
            return Of($"{prefix}{store.Flag}{suffix}", null);
        return flag.IsTrue() || (isKeyed && store.IsKeyEnough) ? Of($"{prefix}{store.Key}{suffix}", isKeyed ? owner : store.Unkeyed)
            : Of($"{prefix}{store.Flag}{suffix}", flag.At() is null ? store.Unset : store.Off);

        EncryptionFacts Of(string property, KeyOwner? of) => new(resource, subject, property, of, store.Required, key);
    }

    private static string SubjectOf(ResourceNode resource) => resource.Type switch
    {
        "aws:eks/cluster:Cluster" => $"Kubernetes secrets of {resource.Name}",
        "kubernetes:storage.k8s.io/v1:StorageClass" => $"storage class {resource.Inputs.At("metadata", "name").Text() ?? resource.Name}",
        "aws:opensearch/domain:Domain" => $"domain {resource.Name}",
        "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2" => $"bucket {resource.Name}",
        "aws:cloudwatch/logGroup:LogGroup" => $"log group {resource.Name}",
        "aws:sns/topic:Topic" => $"topic {resource.Name}",
        "aws:sqs/queue:Queue" => $"queue {resource.Name}",
        "aws:ecr/repository:Repository" => $"repository {resource.Name}",
        _ => resource.Name,
    };

    /// <summary>The owner of a named key; null for a key that is unknown, secret or declared elsewhere.</summary>
    private (bool IsNamed, KeyOwner? Owner) OwnerOf(PropertyValue? value)
    {
        if (value is null || value.Unwrap() is PropertyValue.Null or PropertyValue.Text { Value.Length: 0 })
            return (false, null);
        return value.Text() is not { } key ? (true, null)
            : key.Contains("alias/aws/", StringComparison.Ordinal) ? (true, Account)
            : _ownKeys.Contains(key) ? (true, Customer)
            : (true, null);
    }

    /// <summary>As it is, with whatever hides it.</summary>
    private static PropertyValue? Raw(PropertyValue value, string path)
    {
        PropertyValue? at = value;
        foreach (var name in path.Split('.'))
        {
            if (at?.Unwrap() is PropertyValue.Unknown)
                return at;
            at = (at?.Unwrap() as PropertyValue.Map)?.Entries.GetValueOrDefault(name);
        }

        return at;
    }

    private void AddKey(params string?[] names) => _ownKeys.UnionWith(names.OfType<string>());
}
