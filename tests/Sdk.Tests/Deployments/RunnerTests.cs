using System.Collections.Immutable;
using Grpc.Core;
using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Deployments;

public sealed class RunnerTests
{
    private sealed class TwoOutputs : Stack
    {
        public TwoOutputs()
        {
            Name = new Machine("a", new MachineArgs { Zone = "z" }).Zone;
            Secret = Output.CreateSecret(1);
        }

        [Output("renamed")]
        public Output<string?> Name { get; set; }

        [Output]
        public Output<int> Secret { get; set; }
    }

    private sealed class Unassigned : Stack
    {
        [Output]
        public Output<int>? NsName { get; set; }
    }

    private sealed class WrongType : Stack
    {
        [Output]
        public string Name { get; set; } = "x";
    }

    private sealed class Throwing : Stack
    {
        public Throwing() => throw new RunException("settings are wrong");
    }

    [Fact]
    public async Task Outputs_of_a_stack_class_are_sent_under_their_names()
    {
        var run = await ProgramRun.OfAsync(runner => runner.RunAsync<TwoOutputs>());
        Assert.Equal(0, run.ExitCode);
        var outputs = run.Monitor.Outputs(ProgramRun.StackUrn).Fields;
        Assert.Equal("z", outputs["renamed"].StringValue);
        Assert.Equal(Signatures.Secret, outputs["Secret"].StructValue.Fields[Signatures.Key].StringValue);
        Assert.Equal(2, outputs.Count);
    }

    [Fact]
    public async Task Outputs_of_a_function_are_sent()
    {
        var run = await ProgramRun.OfAsync(
            () => new Dictionary<string, object?> { ["a"] = Output.Create(1), ["none"] = null, ["b"] = "x" });
        var outputs = run.Monitor.Outputs(ProgramRun.StackUrn).Fields;
        Assert.Equal((1, "x", 2), (outputs["a"].NumberValue, outputs["b"].StringValue, outputs.Count));
    }

    [Fact]
    public async Task Output_without_a_value_is_an_error()
    {
        var run = await ProgramRun.OfAsync(runner => runner.RunAsync<Unassigned>());
        Assert.Equal(32, run.ExitCode);
        Assert.Equal(
            ["Output(s) 'NsName' have no value assigned. [Output] attributed properties must be assigned inside Stack constructor."],
            run.Engine.Errors);
    }

    [Fact]
    public async Task Output_of_the_wrong_form_is_an_error()
    {
        var run = await ProgramRun.OfAsync(runner => runner.RunAsync<WrongType>());
        Assert.Equal(
            ["Output(s) 'Name' have incorrect type. [Output] attributed properties must be instances of Output<T>."], run.Engine.Errors);
    }

    [Fact]
    public async Task Run_exception_is_only_its_message_and_the_engine_is_not_signalled()
    {
        var run = await ProgramRun.OfAsync(runner => runner.RunAsync<Throwing>());
        Assert.Equal(32, run.ExitCode);
        Assert.Equal(["settings are wrong"], run.Engine.Errors);
        Assert.False(run.Monitor.WasSignalled);
    }

    [Fact]
    public async Task Other_exceptions_come_with_their_stack()
    {
        var run = await ProgramRun.OfAsync(() => throw new FormatException("boom"));
        Assert.Equal(32, run.ExitCode);
        var error = Assert.Single(run.Engine.Errors);
        Assert.StartsWith("Running program '", error, StringComparison.Ordinal);
        Assert.Contains("' failed with an unhandled exception:\nSystem.FormatException: boom\n", error, StringComparison.Ordinal);
        Assert.Contains(nameof(Other_exceptions_come_with_their_stack), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_cancelled_has_failed()
    {
        var run = await ProgramRun.OfAsync(() => throw new TaskCanceledException("the time-out of a client elapsed"));
        run.AssertError("the time-out of a client elapsed");
        Assert.False(run.Monitor.WasSignalled);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_has_failed_and_is_reported_once_whoever_depends_on_it()
    {
        var monitor = new FakeMonitor { OnInvoke = _ => throw new OperationCanceledException("the call was given up") };
        var run = await ProgramRun.OfAsync(() =>
        {
            var found = Deployment.Instance.Invoke<ImmutableDictionary<string, string>>("test:index:find", InvokeArgs.Empty);
            _ = found.Apply(values => values.Count).Apply(count => count + 1);
        }, monitor);
        run.AssertError("the call was given up");
        Assert.False(monitor.WasSignalled);
    }

    [Fact]
    public async Task Resource_exception_is_attached_to_its_resource()
    {
        var run = await ProgramRun.OfAsync(() =>
        {
            var machine = new Machine("a");
            _ = machine.Urn.Apply(Task (_) => throw new ResourceException("not like this", machine, hideStack: true));
        });
        var error = Assert.Single(run.Engine.Messages, message => message.Severity == LogSeverity.Error);
        Assert.Equal(("not like this", "urn:pulumi:stack::project::test:index:Machine::a"), (error.Message, error.Urn));
    }

    [Fact]
    public async Task Exception_of_one_registration_is_reported_once_whoever_depends_on_it()
    {
        var monitor = new FakeMonitor
        {
            OnRegister = (request, _) => request.Name == "a"
                ? Task.FromException(new RpcException(new Status(StatusCode.Unavailable, "resource monitor shut down")))
                : Task.CompletedTask,
        };
        var run = await ProgramRun.OfAsync(() =>
        {
            var a = new Machine("a");
            a.Zone.Apply(zone => zone + "x");
            _ = a.Size.Apply(size => size + 1).Apply(size => size + 1);
        }, monitor);
        Assert.Equal(32, run.ExitCode);
        run.AssertError("resource monitor shut down");
        Assert.False(monitor.WasSignalled);
    }

    [Fact]
    public async Task Logged_error_without_exception_is_exit_code_1_and_no_signal()
    {
        var run = await ProgramRun.OfAsync(() => Log.Error("bad"));
        Assert.Equal(1, run.ExitCode);
        Assert.False(run.Monitor.WasSignalled);
    }

    [Fact]
    public async Task Log_that_fails_is_exit_code_1()
    {
        var engine = new FakeEngine { OnLog = _ => Task.FromException(new IOException("gone")) };
        var run = await ProgramRun.OfAsync(() => Log.Info("hello"), engine: engine);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Messages_arrive_in_order()
    {
        var delays = new Random(1);
        var engine = new FakeEngine { OnLog = _ => Task.Delay(delays.Next(3)) };
        var run = await ProgramRun.OfAsync(() =>
        {
            for (var i = 0; i < 30; i++)
                Log.Info($"{i}", streamId: 7, ephemeral: true);
        }, engine: engine);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), run.Engine.Messages.Select(message => message.Message));
        Assert.All(run.Engine.Messages, message => Assert.Equal((7, true), (message.StreamId, message.Ephemeral)));
    }

    [Fact]
    public async Task Message_of_a_resource_that_never_comes_does_not_hold_up_the_error()
    {
        var monitor = new FakeMonitor
        {
            OnRegister = (request, _) => request.Name == "stuck" ? Task.Delay(Timeout.Infinite) : Task.CompletedTask,
        };
        var run = await ProgramRun.OfAsync(() =>
        {
            Log.Info("about it", new Machine("stuck"));
            throw new RunException("stop");
        }, monitor);
        Assert.Equal(["stop"], run.Engine.Errors);
    }

    [Fact]
    public async Task Failing_shutdown_is_reported()
    {
        var run = await ProgramRun.OfAsync(
            () => { }, new FakeMonitor { OnShutdown = () => Task.FromException(new RpcException(new Status(StatusCode.Unavailable, "bye"))) });
        Assert.Equal(32, run.ExitCode);
        run.AssertError("bye");
    }

    [Fact]
    public async Task Program_waits_for_outputs_that_nobody_uses()
    {
        var isDone = false;
        await ProgramRun.SucceedAsync(() => new Machine("a").Urn.Apply(async urn =>
        {
            await Task.Delay(50);
            isDone = true;
            return urn;
        }));
        Assert.True(isDone);
    }

    [Fact]
    public async Task Version_that_is_not_allowed_ends_the_program()
    {
        var refusing = new FakeEngine
        {
            OnRequireVersion = range => Task.FromException(new RpcException(new Status(StatusCode.FailedPrecondition, $"not {range}"))),
        };
        var run = await ProgramRun.OfAsync(() => _ = Deployment.RequirePulumiVersionAsync(">=9"), engine: refusing);
        run.AssertError("not >=9");

        var old = new FakeEngine { OnRequireVersion = _ => Task.FromException(new RpcException(new Status(StatusCode.Unimplemented, ""))) };
        run = await ProgramRun.OfAsync(() => _ = Deployment.RequirePulumiVersionAsync(">=9"), engine: old);
        run.AssertError("Please upgrade the Pulumi CLI");
    }

    [Fact]
    public void Without_a_run_there_is_no_instance()
        => Assert.Equal(
            "Trying to acquire Deployment.Instance before 'Run' was called.",
            Assert.Throws<InvalidOperationException>(() => Deployment.Instance).Message);

    [Fact]
    public async Task Outside_an_engine_the_program_says_how_to_run_it()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Deployment.RunAsync(() => { }));
        Assert.Equal("Program run without the Pulumi engine available; re-run using the `pulumi` CLI", e.Message);
    }

    [Fact]
    public async Task Runs_beside_each_other_do_not_see_each_other()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            i => Task.Run(() => ProgramRun.SucceedAsync(() => _ = new Machine($"m{i}")))));
        for (var i = 0; i < runs.Length; i++)
            Assert.Equal(["project-stack", $"m{i}"], runs[i].Registrations.Select(request => request.Name));
    }
}
