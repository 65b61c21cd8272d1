using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf;
using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Wire;

/// <summary>Whole programs over a socket.</summary>
public sealed class ProgramOverGrpcTests
{
    private static async Task<(int ExitCode, IReadOnlyList<(string Method, IMessage Request)> Calls)> RunAsync(
        Action program, params string[] unimplemented)
    {
        var calls = new ConcurrentQueue<(string, IMessage)>();
        await using var server = await EngineServer.StartAsync(calls, unimplemented);
        var exitCode = await Deployment.RunAsync(
            () => new Deployment(new GrpcEngine(server.Address), new GrpcMonitor(server.Address), options: new() { IsPreview = false }),
            runner => runner.RunAsync(
                () =>
                {
                    program();
                    return Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?> { ["done"] = true });
                },
                options: null));
        Environment.ExitCode = 0;
        return (exitCode, [.. calls]);
    }

    [Fact]
    public async Task Every_kind_of_call_arrives_and_the_signal_comes_last()
    {
        var (exitCode, calls) = await RunAsync(() =>
        {
            var first = new Machine("a", new MachineArgs { Zone = "z" });
            _ = new Machine("read", null, new CustomResourceOptions { Id = "i-1" });
            var found = Deployment.Instance.Invoke<ImmutableDictionary<string, string>>(
                "test:index:find", new DictionaryInvokeArgs(ImmutableDictionary<string, object?>.Empty.Add("zone", "y")));
            _ = new Machine("b", new MachineArgs { Zone = Output.Tuple(first.Zone, found).Apply(both => both.Item1 + both.Item2["zone"]) });
            Log.Warn("careful");
            _ = Deployment.RequirePulumiVersionAsync(">=3");
        });

        Assert.Equal(0, exitCode);
        Assert.Equal("SignalAndWaitForShutdown", calls[^1].Method);
        Assert.Equal(
            ["Invoke", "Log", "ReadResource", "RegisterResource", "RegisterResourceOutputs", "RequirePulumiVersion",
             "SignalAndWaitForShutdown", "SupportsFeature"],
            calls.Select(call => call.Method).Distinct().Order(StringComparer.Ordinal));
        var b = calls.Select(call => call.Request).OfType<RegisterResourceRequest>().Single(request => request.Name == "b");
        Assert.Equal("zy", b.Object.Fields["zone"].StringValue);
    }

    [Fact]
    public async Task An_engine_without_a_shutdown_signal_is_not_an_error()
    {
        var (exitCode, _) = await RunAsync(() => { }, "SignalAndWaitForShutdown");
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Error_of_the_engine_ends_the_program_with_its_text()
    {
        var (exitCode, calls) = await RunAsync(() => _ = new Machine("a"), "RegisterResource");
        Assert.Equal(32, exitCode);
        var error = calls.Select(call => call.Request).OfType<LogRequest>().Single(request => request.Severity == LogSeverity.Error);
        Assert.Contains("Status(StatusCode=\"Unimplemented\", Detail=\"unknown method\")", error.Message, StringComparison.Ordinal);
    }
}
