namespace HaCluster.Stack.Logging.Audit;

/// <summary>Configuration of the pipeline.</summary>
/// <param name="QueueUrl">Queue with notifications of new objects.</param>
/// <param name="Bucket">Where it leaves what OpenSearch refuses.</param>
/// <param name="RoleArn">Role for all it does.</param>
/// <param name="Endpoint">Host of OpenSearch.</param>
/// <param name="Region">Where all of them are.</param>
/// <remarks>
/// <para>The language is that of Data Prepper (https://docs.opensearch.org/latest/data-prepper/pipelines/configuration/sources/s3/, <c>.../processors/date/</c>,
/// <c>.../sinks/opensearch/</c>), within what OpenSearch Ingestion takes of it
/// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html).</para>
/// <para>Nothing is lost: a message leaves the queue when OpenSearch has all records of its object, or the bucket has those that were refused;
/// requests to a busy or unreachable OpenSearch are retried forever. There are no duplicates: the id of a record is its audit id in Kubernetes, and its index is
/// the day of the request, so an object that is read again overwrites its records.</para>
/// </remarks>
public sealed record AuditPipelineConfig(string QueueUrl, string Bucket, string RoleArn, string Endpoint, string Region)
{
    /// <summary>Name of the one pipeline inside; the names of its metrics begin with it.</summary>
    public const string Name = "audit-pipeline";

    /// <summary>Where in the bucket refused records go.</summary>
    public const string Rejected = "rejected/";

    /// <summary>Visibility timeout while an object is read; the pipeline extends it meanwhile. AWS wants 30 for each quarter of a GiB, and an
    /// object has a few MiB.</summary>
    public const int ReadSeconds = 120;

    // One message at a time: with more, those that wait are given up on while the first is read
    // (https://github.com/opensearch-project/data-prepper/issues/4812), and there is about one per minute.
    // ndjson accepts consecutive objects with anything between them.
    // Indices and templates are made by the setup: with management enabled the role would need rights over both.
    public override string ToString() =>
        $$"""
        version: "2"
        {{Name}}:
          source:
            s3:
              notification_type: "sqs"
              acknowledgments: true
              on_error: "retain_messages"
              compression: "gzip"
              codec:
                ndjson: {}
              sqs:
                queue_url: "{{QueueUrl}}"
                maximum_messages: 1
                visibility_timeout: "{{ReadSeconds}}s"
                visibility_duplication_protection: true
              aws:
                region: "{{Region}}"
                sts_role_arn: "{{RoleArn}}"
          processor:
            - date:
                match:
                  - key: "requestReceivedTimestamp"
                    patterns: ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"]
                destination: "day"
                output_format: "yyyy.MM.dd"
                source_timezone: "UTC"
                destination_timezone: "UTC"
          sink:
            - opensearch:
                hosts: ["https://{{Endpoint}}"]
                index_type: "management_disabled"
                index: "{{Setup.IndexTemplates.Audit}}-${/day}"
                document_id: "${/auditID}-${/stage}"
                action: "index"
                exclude_keys: ["day"]
                aws:
                  region: "{{Region}}"
                  sts_role_arn: "{{RoleArn}}"
                  serverless: false
                dlq:
                  s3:
                    bucket: "{{Bucket}}"
                    key_path_prefix: "{{Rejected}}"
                    region: "{{Region}}"
                    sts_role_arn: "{{RoleArn}}"

        """;
}
