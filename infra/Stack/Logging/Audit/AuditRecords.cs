using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>How audit records are told from the rest of the control plane's logs, and unwrapped.</summary>
public static class AuditRecords
{
    /// <summary>
    /// Selects them: they are JSON of this version, and the rest of the group (API server, scheduler ...) is text.
    /// </summary>
    public const string Pattern = "{ $.apiVersion = \"audit.k8s.io/v1\" }";

    /// <summary>CloudWatch sends batches, compressed and wrapped; this makes records of them again.</summary>
    /// <remarks>https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html</remarks>
    public static Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs Unpack() => new()
    {
        Enabled = true,
        Processors =
        {
            new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs
            {
                Type = "Decompression",
                Parameters =
                {
                    new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs
                    {
                        ParameterName = "CompressionFormat",
                        ParameterValue = "GZIP",
                    },
                },
            },
            new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs
            {
                Type = "CloudWatchLogProcessing",
                Parameters =
                {
                    new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs
                    {
                        ParameterName = "DataMessageExtraction",
                        ParameterValue = "true",
                    },
                },
            },
            // One record a line.
            new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs
            {
                Type = "AppendDelimiterToRecord",
                Parameters =
                {
                    new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs
                    {
                        ParameterName = "Delimiter",
                        ParameterValue = "\\n",
                    },
                },
            },
        },
    };
}
