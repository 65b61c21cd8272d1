using HaCluster.Stack.Identities;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>
/// What the pipeline of audit records may do (https://docs.opensearch.org/latest/data-prepper/pipelines/configuration/sources/s3/#iam-permissions,
/// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-domain-access.html). What it may write in OpenSearch is said there.
/// </summary>
public static class AuditPipelineRole
{
    public static PolicyStatement ReadQueue(string queue) => new()
    {
        Sid = "ReceiveNotifications",
        Actions = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
        Resources = [queue],
    };

    public static PolicyStatement Read(string bucket) => new()
    {
        Sid = "ReadAuditObjects",
        Actions = ["s3:GetObject"],
        Resources = [$"{bucket}/{AuditRecords.Prefix}*"],
    };

    /// <summary>Without it S3 answers "forbidden" for an object that does not exist.</summary>
    public static PolicyStatement List(string bucket) => new()
    {
        Sid = "ListBucket",
        Actions = ["s3:ListBucket"],
        Resources = [bucket],
    };

    public static PolicyStatement Reject(string bucket) => new()
    {
        Sid = "WriteRejected",
        Actions = ["s3:PutObject"],
        Resources = [$"{bucket}/{AuditPipelineConfig.Rejected}*"],
    };

    /// <summary>Messages and objects have one key.</summary>
    public static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };

    public static PolicyStatement Find(string domain) => new()
    {
        Sid = "DescribeDomain",
        Actions = ["es:DescribeDomain"],
        Resources = [domain],
    };

    public static PolicyStatement SearchApi(string domain) => new()
    {
        Sid = "SearchApi",
        Actions = ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut"],
        Resources = [$"{domain}/*"],
    };
}
