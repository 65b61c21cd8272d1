using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Logging;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Storage;

/// <summary>Input of <see cref="PrivateBucket"/>.</summary>
public sealed record PrivateBucketArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>What is in it, in one word of nine letters at most: buckets of the whole world share their names, of 63 letters at most, and
    /// the names of the cluster (40) and of the account (12) are in it too.</summary>
    public required string Content { get; init; }

    /// <summary>Key that encrypts every object; readers and writers need access to the key and the bucket.</summary>
    public required Input<string> KeyArn { get; init; }

    public required BucketLifecycle Lifecycle { get; init; }

    /// <summary>Null: objects can be deleted. It cannot be removed from a bucket later.</summary>
    public ObjectLock? Lock { get; init; }

    /// <summary>Whether the bucket outlives the stack: <c>pulumi destroy</c> leaves it where it is.</summary>
    public bool IsKept { get; init; }

    /// <summary>More statements of its policy, from its ARN; reading and writing is granted to roles, not here.</summary>
    public Func<string, IEnumerable<PolicyStatement>> Statements { get; init; } = _ => [];
}

/// <summary>
/// A bucket for this account alone: no public access, no lists of grants, TLS only, every object encrypted with one key and kept in versions.
/// A bucket with objects in it is never deleted. Depend on the component, not on its name, so that all of this is in place before the first write.
/// </summary>
public sealed class PrivateBucket : ComponentResource
{
    public const string TypeToken = "ha-cluster:storage:Bucket";

    private const int LongestContent = 9;
    private const int DaysOfUnfinishedUploads = 7;

    private readonly string _name;
    private readonly PrivateBucketArgs _args;

    public PrivateBucket(string name, PrivateBucketArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(args.Content.Length, LongestContent);
        _name = name;
        _args = args;
        var scope = args.Scope;
        var bucket = new Aws.S3.Bucket(
            name,
            new Aws.S3.BucketArgs
            {
                BucketName = Output.Format($"{scope.NameOf(args.Content)}-{scope.Account.Id}"),

                // Locks can be had from the beginning only.
                ObjectLockEnabled = args.Lock is not null,
                Tags = scope.Tags.Named(scope.NameOf(args.Content)),
            },
            Child());
        Name = bucket.BucketName;
        Arn = bucket.Arn;

        // S3 refuses two concurrent changes of one bucket, so they are made one after the other.
        var closed = Close(bucket);
        var policy = AttachPolicy(bucket, closed);
        var encrypted = Encrypt(bucket, policy);
        var versioned = KeepVersions(bucket, encrypted);
        Resource last = args.Lock is { } wanted ? LockObjects(bucket, wanted, versioned) : versioned;
        Age(bucket, last);
        RegisterOutputs(new Dictionary<string, object?> { ["name"] = Name, ["arn"] = Arn });
    }

    public Output<string> Name { get; }

    public Output<string> Arn { get; }

    private Aws.S3.BucketOwnershipControls Close(Aws.S3.Bucket bucket)
    {
        var block = new Aws.S3.BucketPublicAccessBlock(
            _name,
            new Aws.S3.BucketPublicAccessBlockArgs
            {
                Bucket = bucket.BucketName,
                BlockPublicAcls = true,
                BlockPublicPolicy = true,
                IgnorePublicAcls = true,
                RestrictPublicBuckets = true,
            },
            Child());
        return new Aws.S3.BucketOwnershipControls(
            _name,
            new Aws.S3.BucketOwnershipControlsArgs
            {
                Bucket = bucket.BucketName,
                Rule = new Aws.S3.Inputs.BucketOwnershipControlsRuleArgs { ObjectOwnership = "BucketOwnerEnforced" },
            },
            Child(block));
    }

    private Aws.S3.BucketPolicy AttachPolicy(Aws.S3.Bucket bucket, Resource after) => new(
        _name,
        new Aws.S3.BucketPolicyArgs
        {
            Bucket = bucket.BucketName,
            Policy = bucket.Arn.Apply(arn => PolicyDocument.Json([TlsOnly(arn), .. _args.Statements(arn)])),
        },
        Child(after));

    private Aws.S3.BucketServerSideEncryptionConfiguration Encrypt(Aws.S3.Bucket bucket, Resource after) => new(
        _name,
        new Aws.S3.BucketServerSideEncryptionConfigurationArgs
        {
            Bucket = bucket.BucketName,
            Rules =
            {
                new Aws.S3.Inputs.BucketServerSideEncryptionConfigurationRuleArgs
                {
                    // KMS is called once per bucket and interval, not once per object.
                    BucketKeyEnabled = true,
                    ApplyServerSideEncryptionByDefault = new Aws.S3.Inputs.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs
                    {
                        SseAlgorithm = "aws:kms",
                        KmsMasterKeyId = _args.KeyArn,
                    },
                },
            },
        },
        Child(after));

    private Aws.S3.BucketVersioning KeepVersions(Aws.S3.Bucket bucket, Resource after) => new(
        _name,
        new Aws.S3.BucketVersioningArgs
        {
            Bucket = bucket.BucketName,
            VersioningConfiguration = new Aws.S3.Inputs.BucketVersioningVersioningConfigurationArgs { Status = "Enabled" },
        },
        Child(after));

    private Aws.S3.BucketObjectLockConfiguration LockObjects(Aws.S3.Bucket bucket, ObjectLock wanted, Resource after) => new(
        _name,
        new Aws.S3.BucketObjectLockConfigurationArgs
        {
            Bucket = bucket.BucketName,
            Rule = new Aws.S3.Inputs.BucketObjectLockConfigurationRuleArgs
            {
                DefaultRetention = new Aws.S3.Inputs.BucketObjectLockConfigurationRuleDefaultRetentionArgs
                {
                    Mode = wanted.Mode == ObjectLockMode.Compliance ? "COMPLIANCE" : "GOVERNANCE",
                    Years = wanted.Years,
                },
            },
        },
        Child(after));

    private void Age(Aws.S3.Bucket bucket, Resource after)
    {
        var lifecycle = _args.Lifecycle;
        var rule = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleArgs
        {
            Id = "age",
            Status = "Enabled",
            Filter = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleFilterArgs { Prefix = "" },
            AbortIncompleteMultipartUpload = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs
            {
                DaysAfterInitiation = DaysOfUnfinishedUploads,
            },
            NoncurrentVersionExpiration = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs
            {
                NoncurrentDays = lifecycle.KeepReplacedDays,
            },
        };
        foreach (var (days, storageClass) in lifecycle.Transitions)
            rule.Transitions.Add(new Aws.S3.Inputs.BucketLifecycleConfigurationRuleTransitionArgs { Days = days, StorageClass = storageClass });
        var rules = new List<Aws.S3.Inputs.BucketLifecycleConfigurationRuleArgs> { rule };
        if (lifecycle.ExpireAfterDays is { } expiry)
        {
            if (lifecycle.ExpirePrefix.Length > 0)
            {
                rule = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleArgs
                {
                    Id = "expire",
                    Status = "Enabled",
                    Filter = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleFilterArgs { Prefix = lifecycle.ExpirePrefix },
                };
                rules.Add(rule);
            }

            rule.Expiration = new Aws.S3.Inputs.BucketLifecycleConfigurationRuleExpirationArgs { Days = expiry };
        }

        _ = new Aws.S3.BucketLifecycleConfiguration(
            _name, new Aws.S3.BucketLifecycleConfigurationArgs { Bucket = bucket.BucketName, Rules = rules.ToArray() }, Child(after));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    private static PolicyStatement TlsOnly(string arn) => new()
    {
        Sid = "TlsOnly",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["s3:*"],
        Resources = [arn, $"{arn}/*"],
        Conditions = [PolicyCondition.IsFalse("aws:SecureTransport")],
    };

    private CustomResourceOptions Child(params Resource[] after) => new() { Parent = this, DependsOn = after, RetainOnDelete = _args.IsKept };
}

/// <summary>How long objects of a bucket can be neither changed nor deleted, from the moment they are written.</summary>
/// <param name="Mode">Who can lift it.</param>
/// <param name="Years">At least one.</param>
public sealed record ObjectLock(ObjectLockMode Mode, int Years);
