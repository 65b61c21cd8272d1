using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Backups;

/// <summary>Encrypts backups of objects: among them are all secrets of the cluster. It outlives the stack, as the bucket does.</summary>
public sealed class BackupKey : ComponentResource
{
    public const string TypeToken = "ha-cluster:backups:Key";

    // The longest time that AWS allows: time to notice that a deleted key was still in use.
    private const int DeletionWindowDays = 30;

    public BackupKey(string name, StackScope scope, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var key = new Aws.Kms.Key(
            name,
            new Aws.Kms.KeyArgs
            {
                Description = $"Backups of {scope.ClusterName}",
                EnableKeyRotation = true,
                DeletionWindowInDays = DeletionWindowDays,

                // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html: without it, IAM policies could not grant the key.
                Policy = Output.Tuple(scope.Account.Partition, scope.Account.Id).Apply(account => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "AccountAdministration",
                    Principal = ("AWS", $"arn:{account.Item1}:iam::{account.Item2}:root"),
                    Actions = ["kms:*"],
                    Resources = ["*"],
                })),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this, RetainOnDelete = true });
        Arn = key.Arn;
        RegisterOutputs(new Dictionary<string, object?> { ["arn"] = Arn });
    }

    public Output<string> Arn { get; }
}
