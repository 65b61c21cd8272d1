using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Storage;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Search;

/// <summary>Input of <see cref="SearchSnapshots"/>.</summary>
public sealed record SearchSnapshotsArgs
{
    public required StackScope Scope { get; init; }

    public required Output<string> KeyArn { get; init; }

    /// <summary>ARN of the domain that writes there.</summary>
    public required Output<string> DomainArn { get; init; }
}

/// <summary>A bucket for snapshots of OpenSearch and the role that it writes with.</summary>
public sealed class SearchSnapshots : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Snapshots";

    /// <summary>The service that assumes the role, as in its trust policy.</summary>
    public const string ServicePrincipal = $"{Service}.amazonaws.com";

    private const string Service = "es";

    public SearchSnapshots(string name, SearchSnapshotsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Bucket = new PrivateBucket(
            name,
            new PrivateBucketArgs
            {
                Scope = args.Scope,
                Content = "snapshots",
                KeyArn = args.KeyArn,

                // OpenSearch reads old blocks for each new snapshot: colder classes would break it, and locks its own cleaning.
                Lifecycle = new BucketLifecycle(),
            },
            new ComponentResourceOptions { Parent = this });
        var role = ServiceRole.Create(name, args.Scope, Service, "Writes and reads snapshots of OpenSearch", args.DomainArn, this);
        Permission = new Aws.Iam.RolePolicy(
            name,
            new Aws.Iam.RolePolicyArgs
            {
                Name = name,
                Role = role.Name,
                Policy = Output.Tuple(Bucket.Arn, args.KeyArn).Apply(arns => PolicyDocument.Json(Keep(arns.Item1), List(arns.Item1), Encrypt(arns.Item2))),
            },
            new CustomResourceOptions { Parent = this });
        RoleArn = role.Arn;
        RegisterOutputs();
    }

    public PrivateBucket Bucket { get; }

    public Output<string> RoleArn { get; }

    /// <summary>Must be there before the bucket is registered: OpenSearch tries it at once.</summary>
    public Aws.Iam.RolePolicy Permission { get; }

    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html
    private static PolicyStatement Keep(string bucket) => new()
    {
        Sid = "SnapshotObjects",
        Actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resources = [$"{bucket}/*"],
    };

    private static PolicyStatement List(string bucket) => new()
    {
        Sid = "ListBucket",
        Actions = ["s3:ListBucket"],
        Resources = [bucket],
    };

    private static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };
}
