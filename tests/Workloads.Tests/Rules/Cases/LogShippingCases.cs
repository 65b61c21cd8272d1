namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class LogShippingCases
{
    public static RuleCase[] All { get; } =
    [
        Output("LogRecordsDropped", "fluentbit_output_dropped_records_total", "0x30 7x90", "7", "7x90"),
        Output("LogRetriesExhausted", "fluentbit_output_retries_failed_total", "0x30 2x90", "2", "2x90"),
        Output("LogOutputFails", "fluentbit_output_errors_total", "0+3x90", null, "0+3x5 15x90"),
        new()
        {
            Alert = "LogBacklogLarge",
            At = "30m",
            Firing = [("""fluentbit_storage_fs_chunks{namespace="logging",pod="fluent-bit-a"}""", "800x60")],
            Labels = "namespace=logging,pod=fluent-bit-a",
            Value = "800",
            Silent = [("""fluentbit_storage_fs_chunks{namespace="logging",pod="fluent-bit-a"}""", "800x10 20x60")],
        },
        new()
        {
            Alert = "LogInputPaused",
            At = "30m",
            Firing = [("""fluentbit_input_ingestion_paused{namespace="logging",pod="fluent-bit-a",name="tail.0"}""", "1x60")],
            Labels = "namespace=logging,pod=fluent-bit-a,name=tail.0",
            Silent = [("""fluentbit_input_ingestion_paused{namespace="logging",pod="fluent-bit-a",name="tail.0"}""", "0x26 1x2 0x60")],
        },
        new()
        {
            Alert = "LogSourceSilent",
            At = "60m",
            Firing = [("""fluentbit_input_records_total{namespace="logging",pod="fluent-bit-a",name="tail.0"}""", "500x90")],
            Labels = "namespace=logging,pod=fluent-bit-a",

            // One of its inputs is silent, another reads.
            Silent =
            [
                ("""fluentbit_input_records_total{namespace="logging",pod="fluent-bit-a",name="tail.0"}""", "500x90"),
                ("""fluentbit_input_records_total{namespace="logging",pod="fluent-bit-a",name="systemd.1"}""", "0+1x90"),
            ],
        },
    ];

    private static RuleCase Output(string alert, string metric, string firing, string? value, string silent) => new()
    {
        Alert = alert,
        At = "35m",
        Firing = [($$"""{{metric}}{namespace="logging",pod="fluent-bit-a",name="opensearch.0"}""", firing)],
        Labels = "namespace=logging,pod=fluent-bit-a,name=opensearch.0",
        Value = value,
        Silent = [($$"""{{metric}}{namespace="logging",pod="fluent-bit-a",name="opensearch.0"}""", silent)],
    };
}
