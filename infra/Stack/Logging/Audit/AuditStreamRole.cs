using HaCluster.Stack.Identities;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>What the stream of audit records may do: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3.</summary>
public static class AuditStreamRole
{
    public static PolicyStatement Copy(string bucket) => new()
    {
        Sid = "WriteAuditObjects",
        Actions =
        [
            "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject",
        ],
        Resources = [bucket, $"{bucket}/*"],
    };

    public static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };

    public static PolicyStatement Report(string logGroup) => new()
    {
        Sid = "WriteErrorLog",
        Actions = ["logs:PutLogEvents"],
        Resources = [$"{logGroup}:log-stream:*"],
    };
}
