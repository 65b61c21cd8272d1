using Grpc.Core;
using HaCluster.Engine.Session;
using HaCluster.Wire;
using Semver;

namespace HaCluster.Engine.Tests.Registration;

/// <summary>What a program asks of the engine itself: the version of Pulumi, the root resource, the end.</summary>
public sealed class EngineServiceTests
{
    private readonly MonitorHarness _monitor = new();

    // Cases of https://github.com/blang/semver/blob/v4.0.0/v4/range_test.go, which the real engine reads ranges with.
    [Theory]
    [InlineData(">=3.0.0 <4.0.0", "3.259.0", true)]
    [InlineData(">=3.0.0 <4.0.0", "4.0.0", false)]
    [InlineData(">= 3.0.0  < 4.0.0", "3.259.0", true)]
    [InlineData("3.x", "3.259.0", true)]
    [InlineData("3.x", "4.0.0", false)]
    [InlineData("3.259.x", "3.259.7", true)]
    [InlineData("3.x.x", "3.1.2", true)]
    [InlineData(">3.x", "3.259.0", false)]
    [InlineData(">3.x", "4.0.0", true)]
    [InlineData(">=3.x", "3.0.0", true)]
    [InlineData("<3.x", "3.0.0", false)]
    [InlineData("<=3.x", "3.999.0", true)]
    [InlineData("!=3.1.x", "3.1.7", false)]
    [InlineData("!3.1.0", "3.1.1", true)]
    [InlineData("==3.1.0", "3.1.0", true)]
    [InlineData("3.1.0", "3.1.1", false)]
    [InlineData(">=3.259.0-alpha.1", "3.259.0", true)]
    [InlineData(">3.259.0-alpha.1", "3.259.0-beta", true)]
    [InlineData("<3.259.0", "3.259.0-beta", true)]
    [InlineData("<3.0.0 || >=3.200.0 !=3.258.0", "3.259.0", true)]
    [InlineData("<3.0.0 || >=3.200.0 !=3.258.0", "3.258.0", false)]
    public void Ranges_are_read_as_the_real_engine_reads_them(string range, string version, bool holds) =>
        Assert.Equal(holds, VersionRange.Parse(range).Contains(SemVersion.Parse(version)));

    [Theory]
    [InlineData("")]
    [InlineData(">=3")]
    [InlineData("3.1")]
    [InlineData("^3.1.0")]
    [InlineData("~3.1.0")]
    [InlineData("3.1.0 - 3.2.0")]
    [InlineData("x")]
    [InlineData("3.x.1")]
    [InlineData(">=v3.0.0")]
    [InlineData(">=3.0.0 ||")]
    [InlineData(">=")]
    [InlineData("latest")]
    public void What_the_real_engine_cannot_read_is_refused(string range)
    {
        var refused = Refusal(range);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains($"'{range}' is not a range of versions", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_not_allowed_names_both()
    {
        var refused = Refusal(">=4.0.0");
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal("the program requires Pulumi >=4.0.0; the embedded engine speaks the protocol of 3.259.0", refused.Status.Detail);
    }

    [Fact]
    public void The_root_resource_is_set_once()
    {
        var set = _monitor.Methods["/pulumirpc.Engine/SetRootResource"];
        set.Call(new SetRootResourceRequest { Urn = _monitor.StackUrn });
        set.Call(new SetRootResourceRequest { Urn = _monitor.StackUrn });

        var refused = Assert.Throws<RpcException>(() => set.Call(new SetRootResourceRequest { Urn = "another" }));

        Assert.Equal($"root resource already set to {_monitor.StackUrn}", refused.Status.Detail);
        Assert.Equal(
            _monitor.StackUrn, ((GetRootResourceResponse)_monitor.Methods["/pulumirpc.Engine/GetRootResource"].Call(new GetRootResourceRequest())).Urn);
    }

    [Fact]
    public void Outputs_of_a_resource_that_nobody_registered_are_refused()
    {
        var register = _monitor.Methods["/pulumirpc.ResourceMonitor/RegisterResourceOutputs"];

        var refused = Assert.Throws<RpcException>(() => register.Call(new RegisterResourceOutputsRequest { Urn = "urn:nobody", Outputs = new() }));

        Assert.Equal("outputs were registered for urn:nobody, but that resource was never registered", refused.Status.Detail);
    }

    [Fact]
    public void Outputs_with_a_malformed_value_are_refused()
    {
        var register = _monitor.Methods["/pulumirpc.ResourceMonitor/RegisterResourceOutputs"];

        var refused = Assert.Throws<RpcException>(() => register.Call(
            new RegisterResourceOutputsRequest { Urn = _monitor.StackUrn, Outputs = new() { Fields = { ["address"] = MonitorHarness.Malformed } } }));

        Assert.StartsWith($"outputs of {_monitor.StackUrn}: property 'address' holds a malformed special value", refused.Status.Detail, StringComparison.Ordinal);
        Assert.False(_monitor.Context.SentStackOutputs);
    }

    private RpcException Refusal(string range)
    {
        var require = _monitor.Methods["/pulumirpc.Engine/RequirePulumiVersion"];
        var refused = Assert.Throws<RpcException>(() => require.Call(new RequirePulumiVersionRequest { PulumiVersionRange = range }));
        Assert.Equal(refused.Status.Detail, Assert.Single(_monitor.Context.Diagnostics.Snapshot()).Message);
        return refused;
    }
}
