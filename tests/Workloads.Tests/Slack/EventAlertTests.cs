using System.Text.Json.Nodes;
using HaCluster.Stack.Monitoring.Events;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>The script of the event exporter, run by the interpreter that Fluent Bit has built in, and what becomes of its alerts.</summary>
public class EventAlertTests
{
    private static readonly Tool LuaJit = new("luajit", "luajit");

    // Reads a record as a Lua table, and prints what the script makes of it as JSON.
    private const string Harness = """
        dofile("alert.lua")
        local record = dofile("record.lua")
        local function json(value)
          if type(value) == "table" then
            local parts = {}
            for key, item in pairs(value) do parts[#parts + 1] = string.format("%q:%s", key, json(item)) end
            return "{" .. table.concat(parts, ",") .. "}"
          end
          if type(value) == "number" then return tostring(value) end
          return string.format("%q", tostring(value))
        end
        local code, _, made = alert("events", 0, record)
        print(code == -1 and "dropped" or json(made))
        """;

    [SkippableTheory]
    [InlineData("reason='Unhealthy', count=3")]
    [InlineData("reason='Unhealthy'")]
    [InlineData("reason='Scheduled', count=100")]
    [InlineData("reason='FailedScheduling', series={ count=2 }")]
    public async Task Routine_events_are_dropped(string record) =>
        Assert.Equal("dropped", await RunAsync($"{{ type='Warning', metadata={{}}, involvedObject={{ kind='Pod', name='a' }}, {record} }}"));

    [SkippableTheory]
    [InlineData("reason='Unhealthy', count=10")]
    [InlineData("reason='FailedScheduling', series={ count=5 }")]
    [InlineData("reason='Evicted'")]
    public async Task Repeated_or_serious_events_are_kept(string record) =>
        Assert.NotEqual("dropped", await RunAsync($"{{ metadata={{}}, involvedObject={{ kind='Pod', name='a' }}, {record} }}"));

    [SkippableFact]
    public async Task Two_reports_of_one_event_are_one_alert()
    {
        static string Event(int count) => $$"""
            { reason="BackOff", count={{count}}, message="restarting", metadata={ namespace="chains" }, source={ host="node-a" },
              firstTimestamp="2026-01-01T00:00:00Z", lastTimestamp="2026-01-01T00:{{count}}:00Z",
              involvedObject={ kind="Pod", name="btcd-0", namespace="chains" } }
            """;

        var first = JsonNode.Parse(await RunAsync(Event(10)))!;
        var second = JsonNode.Parse(await RunAsync(Event(11)))!;

        Assert.True(JsonNode.DeepEquals(first["labels"], second["labels"]));
        Assert.Equal("chains", first["labels"]!["team"]!.ToString());
        Assert.Equal("btcd-0", first["labels"]!["name"]!.ToString());
        Assert.Equal("2026-01-01T00:00:00Z", first["startsAt"]!.ToString());
    }

    [SkippableFact]
    public async Task An_event_reaches_Slack()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);
        var alert = JsonNode.Parse(await RunAsync("""
            { reason="FailedScheduling", series={ count=7 }, message="0/6 nodes are available: 6 Insufficient cpu", metadata={ namespace="payments" },
              eventTime="2026-01-01T00:00:00.123456Z", involvedObject={ kind="Pod", name="wallet-1", namespace="payments" } }
            """))!;

        // What Fluent Bit's http output sends: an array of records.
        await alertmanager.PushAsync(new JsonArray(alert));
        var message = await receiver.UntilAsync(each => each.IsSlack, "the message");

        Assert.Equal("/slack/alerts", message.Path);
        Assert.Equal("[FIRING:1] KubernetesEvent FailedScheduling in payments (ha-cluster-prod)", message.Title);
        Assert.Contains("*FailedScheduling: Pod wallet-1*", message.Text, StringComparison.Ordinal);
        Assert.Contains("0/6 nodes are available: 6 Insufficient cpu (7 times)", message.Text, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string record)
    {
        using var scratch = new Scratch();
        scratch.Write(EventScript.FileName, EventScript.Text("ha-cluster-prod"));
        scratch.Write("record.lua", "return " + record);
        var (exit, output) = await LuaJit.RunAsync(scratch.Path, scratch.Write("harness.lua", Harness));
        Assert.True(exit == 0, output);
        return output.Trim();
    }
}
