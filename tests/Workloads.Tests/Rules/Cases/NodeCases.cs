namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class NodeCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "NodeNotReady",
            At = "20m",
            Firing = [.. ZoneCases.Node("a1", "a"), .. ZoneCases.Node("a2", "a", "1x9 0x60")],
            Labels = "node=a2,zone=a",

            // It comes back within the five minutes.
            Silent = [.. ZoneCases.Node("a1", "a"), .. ZoneCases.Node("a2", "a", "1x9 0x3 1x60")],
        },
        new()
        {
            Alert = "NodeUnderPressure",
            At = "20m",
            Firing = [.. ZoneCases.Node("a1", "a"), Condition("a1", "DiskPressure", "true", 1), Condition("a1", "DiskPressure", "false", 0)],
            Labels = "node=a1,zone=a,condition=DiskPressure,status=true",
            Silent = [.. ZoneCases.Node("a1", "a"), Condition("a1", "DiskPressure", "true", 0), Condition("a1", "DiskPressure", "false", 1)],
        },
        new()
        {
            Alert = "NodeClockOff",
            At = "20m",
            Firing = [("""node_time_seconds{instance="n1"}""", "70+60x60"), ("""node_timex_offset_seconds{instance="n1"}""", "0.001x60")],
            Labels = "instance=n1",
            Value = "1m 10s",
            Silent = [("""node_time_seconds{instance="n1"}""", "1+60x60"), ("""node_timex_offset_seconds{instance="n1"}""", "-0.2x60")],
        },
    ];

    private static (string Series, string Values) Condition(string node, string condition, string status, int value) =>
        ($$"""kube_node_status_condition{node="{{node}}",condition="{{condition}}",status="{{status}}"}""", $"{value}x60");
}
