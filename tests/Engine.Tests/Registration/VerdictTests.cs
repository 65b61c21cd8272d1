using HaCluster.Engine.Running;
using HaCluster.Engine.Session;
using HaCluster.Wire;

namespace HaCluster.Engine.Tests.Registration;

/// <summary>What is said of a program that was stopped for its silence, by what it had done until then.</summary>
public sealed class VerdictTests
{
    private readonly MonitorHarness _monitor = new();

    [Fact]
    public void One_that_had_finished_did_not_exit()
    {
        _monitor.Methods["/pulumirpc.ResourceMonitor/SignalAndWaitForShutdown"].Call(new Google.Protobuf.WellKnownTypes.Empty());

        Assert.Equal(
            "the program was stopped: it had neither called the engine nor written anything for 60 s; it had called SignalAndWaitForShutdown but did not exit "
            + "(1 resources registered; last seen: registration of pulumi:pulumi:Stack 'project-dev', SignalAndWaitForShutdown)",
            OfHung());
    }

    [Fact]
    public void Requests_that_never_arrived_whole_are_counted()
    {
        _monitor.Activity.Began("/pulumirpc.ResourceMonitor/RegisterResource");
        _monitor.Activity.Began("/pulumirpc.ResourceMonitor/RegisterResource");
        _monitor.Activity.Ended("/pulumirpc.ResourceMonitor/RegisterResource");
        _monitor.Activity.Began("/pulumirpc.ResourceMonitor/RegisterResource");

        Assert.EndsWith("; 2 requests had arrived incomplete)", OfHung(), StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_were_sent_are_not_missed()
    {
        Assert.Contains("it never called SignalAndWaitForShutdown, nor registered the outputs of its stack (", OfHung(), StringComparison.Ordinal);

        _monitor.Registrar.RegisterOutputs(new RegisterResourceOutputsRequest { Urn = _monitor.StackUrn, Outputs = new() });

        Assert.Contains("it never called SignalAndWaitForShutdown (", OfHung(), StringComparison.Ordinal);
    }

    private string OfHung()
    {
        var result = Verdict.Of(_monitor.Context, _monitor.Activity, new ProgramEnd.Hung(), [], TimeSpan.Zero);
        Assert.Equal(ProgramOutcome.Failed, result.Outcome);
        Assert.Null(result.ExitCode);
        return result.Diagnostics[^1].Message;
    }
}
