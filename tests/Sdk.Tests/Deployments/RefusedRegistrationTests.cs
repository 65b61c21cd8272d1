using HaCluster.Sdk.Tests.Fakes;
using Pulumi;

namespace HaCluster.Sdk.Tests.Deployments;

public sealed class RefusedRegistrationTests
{
    [Fact]
    public async Task Option_that_the_engine_does_not_know_is_an_error()
    {
        var run = await ProgramRun.OfAsync(() =>
        {
            var a = new Machine("a");
            _ = new Machine("b", null, new CustomResourceOptions { DeletedWith = a });
        }, new FakeMonitor { MissingFeatures = ["deletedWith"] });
        Assert.Equal(32, run.ExitCode);
        run.AssertError("The Pulumi CLI does not support the DeletedWith option");
    }

    [Fact]
    public async Task Required_argument_that_is_missing_is_named()
    {
        var run = await ProgramRun.OfAsync(() => _ = new Machine("a", new MachineArgs { Disks = { new DiskArgs() } }));
        Assert.Equal(32, run.ExitCode);
        var error = Assert.Single(run.Engine.Errors);
        Assert.Contains("error serializing property \"disks\"", error, StringComparison.Ordinal);
        Assert.Contains("DiskArgs.Gib is required but was not given a value", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Argument_that_cannot_be_sent_is_named_with_its_path()
    {
        var run = await ProgramRun.OfAsync(() => _ = new Machine("a", new MachineArgs
        {
            User = new Dictionary<string, object?> { ["list"] = new object[] { 1, DateTime.UnixEpoch } },
        }));
        Assert.Contains(
            "System.DateTime is not a supported argument type.\n\tresource:a[test:index:Machine].user.list[1]",
            Assert.Single(run.Engine.Errors),
            StringComparison.Ordinal);
    }
}
