using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>Selects audit records from the other logs of the control plane and unwraps them.</summary>
public static class AuditRecords
{
    /// <summary>
    /// Selects them: they are JSON of this version, and the rest of the group (API server, scheduler ...) is text.
    /// </summary>
    public const string Pattern = "{ $.apiVersion = \"audit.k8s.io/v1\" }";

    /// <summary>Where in their bucket they are.</summary>
    public const string Prefix = "records/";

    /// <summary>CloudWatch sends batches, compressed and wrapped; this makes records of them again.</summary>
    /// <remarks>https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html</remarks>
    public static Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs Unpack() => new()
    {
        Enabled = true,
        // One record per line.
        Processors =
        {
            Step("Decompression", "CompressionFormat", "GZIP"),
            Step("CloudWatchLogProcessing", "DataMessageExtraction", "true"),
            Step("AppendDelimiterToRecord", "Delimiter", "\\n"),
        },
    };

    private static Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs Step(
        string type, string parameter, string value) => new()
        {
            Type = type,
            Parameters =
            {
                new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs
                {
                    ParameterName = parameter,
                    ParameterValue = value,
                },
            },
        };
}
