using HaCluster.Stack.Encryption;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Storage;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>Input of <see cref="FinanceLog"/>.</summary>
public sealed record FinanceLogArgs
{
    public required FinanceSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>ARN of the domain that it makes searchable what it has stored.</summary>
    public required Output<string> DomainArn { get; init; }

    /// <summary>Encrypts the archive.</summary>
    public required Output<string> KeyArn { get; init; }
}

/// <summary>
/// What the finance-log service finds in place: an archive whose objects cannot be changed, a key that only it can sign with, an identity that can add to the
/// archive and to OpenSearch, and network policies that let payment services in. The service acknowledges a record when it is in the archive; OpenSearch is an
/// index of it.
/// </summary>
public sealed class FinanceLog : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceLog";

    private const int DaysOfYear = 365;
    private const string Checkpoints = "finance-signing";

    public FinanceLog(string name, FinanceLogArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var settings = args.Settings;
        Archive = new PrivateBucket(
            name,
            new PrivateBucketArgs
            {
                Scope = foundation.Scope,
                Content = "archive",
                KeyArn = args.KeyArn,
                Lock = new ObjectLock(settings.Lock, settings.RetentionYears),
                IsKept = true,
                Lifecycle = new BucketLifecycle
                {
                    // Every record has to be readable at once, for verification and for a new index, and neither may cost a fee per byte: so no Glacier. This class
                    // moves what nobody reads to cheaper storage by itself.
                    Transitions = [(31, "INTELLIGENT_TIERING")],

                    // A leap day in four years and one to be sure: never before the lock is off.
                    // Checkpoints and keys stay: they prove what the remaining records followed.
                    ExpirePrefix = "segments/",
                    ExpireAfterDays = settings.RetentionYears * DaysOfYear + settings.RetentionYears / 4 + 2,
                },
                Statements = arn => [WriteOnce(arn)],
            },
            new ComponentResourceOptions { Parent = this });
        var signing = new SigningKey(
            SigningKey.OfFinanceLog,
            Checkpoints,
            new SigningKeyArgs
            {
                Scope = foundation.Scope,
                Description = $"Signs the checkpoints of the finance log of {foundation.Scope.ClusterName}",
                Spec = "ECC_NIST_P256",
                SignerArn = RoleArn(name, foundation.Scope),
                Admins = settings.KeyAdmins,
            },
            new ComponentResourceOptions { Parent = this });
        SigningKeyArn = signing.Arn;
        Identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Stores finance records, signs their checkpoints and makes them searchable",
                Namespace = ClusterNamespaces.Logging,
                ServiceAccount = settings.ServiceAccount,
                Policy = Output.Tuple(Archive.Arn, args.KeyArn, args.DomainArn, signing.Arn).Apply(arns => PolicyDocument.Json(
                [
                    Add(arns.Item1),
                    List(arns.Item1),
                    .. settings.HasLegalHold ? [Hold(arns.Item1)] : Array.Empty<PolicyStatement>(),
                    Encrypt(arns.Item2),
                    Index(arns.Item3),
                    Sign(arns.Item4),
                ])),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });

        _ = new Kubernetes.Core.V1.ServiceAccount(
            name,
            new ServiceAccountArgs
            {
                Metadata = new ObjectMetaArgs { Name = settings.ServiceAccount, Namespace = ClusterNamespaces.Logging },
                AutomountServiceAccountToken = false,
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready });
        _ = new FinanceFirewall("finance-log-firewall", settings, foundation, new ComponentResourceOptions { Parent = this });
        RegisterOutputs(new Dictionary<string, object?> { ["archive"] = Archive.Name, ["roleArn"] = Identity.RoleArn, ["signingKeyArn"] = SigningKeyArn });
    }

    /// <summary>The book of record. <c>pulumi destroy</c> leaves it.</summary>
    public PrivateBucket Archive { get; }

    /// <summary>Signs checkpoints. <c>pulumi destroy</c> leaves it too.</summary>
    public Output<string> SigningKeyArn { get; }

    public PodIdentity Identity { get; }

    // The key names the role and the role names the key; the ARN of a role is known before either.
    private static Output<string> RoleArn(string name, StackScope scope) =>
        Output.Format($"arn:{scope.Account.Partition}:iam::{scope.Account.Id}:role/{scope.NameOf(name)}");

    // No object is replaced by one of the same name, whoever writes it: the old version would be kept, and nobody would look at it
    // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html).
    private static PolicyStatement WriteOnce(string bucket) => new()
    {
        Sid = "WriteOnce",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["s3:PutObject"],
        Resources = [$"{bucket}/*"],
        Conditions = [PolicyCondition.IsMissing("s3:if-none-match"), PolicyCondition.IsTrue("s3:ObjectCreationOperation")],
    };

    // Adding and reading: no right to delete, to shorten a lock or to lift one. The bucket locks each object by itself.
    private static PolicyStatement Add(string bucket) => new()
    {
        Sid = "WriteArchive",
        Actions = ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
        Resources = [$"{bucket}/*"],
    };

    private static PolicyStatement List(string bucket) => new()
    {
        Sid = "ListArchive",
        Actions = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketObjectLockConfiguration"],
        Resources = [bucket],
    };

    private static PolicyStatement Hold(string bucket) => new()
    {
        Sid = "LegalHold",
        Actions = ["s3:PutObjectLegalHold", "s3:GetObjectLegalHold"],
        Resources = [$"{bucket}/*"],
    };

    private static PolicyStatement Sign(string key) => new()
    {
        Sid = "SignCheckpoints",
        Actions = ["kms:Sign", "kms:GetPublicKey"],
        Resources = [key],
    };

    private static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };

    private static PolicyStatement Index(string domain) => new()
    {
        Sid = "SearchApi",
        Actions = ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut"],
        Resources = [$"{domain}/*"],
    };
}
