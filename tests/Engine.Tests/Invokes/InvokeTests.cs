using System.Text.RegularExpressions;
using Grpc.Core;
using HaCluster.Engine.Tests.Registration;
using HaCluster.Wire;
using static HaCluster.Engine.Tests.Registration.MonitorHarness;

namespace HaCluster.Engine.Tests.Invokes;

public sealed class InvokeTests
{
    private const string Zones = "aws:index/getAvailabilityZones:getAvailabilityZones";

    [Theory]
    [InlineData("{}", "eu-central-1a,eu-central-1b,eu-central-1c")]
    [InlineData("""{"state":"available","excludeNames":["eu-central-1b"]}""", "eu-central-1a,eu-central-1c")]
    [InlineData("""{"excludeZoneIds":["euc1-az1"]}""", "eu-central-1a,eu-central-1b")]
    [InlineData("""{"filters":[{"name":"opt-in-status","values":["opt-in-not-required"]}]}""", "eu-central-1a,eu-central-1b,eu-central-1c")]
    [InlineData("""{"filters":[{"name":"zone-name","values":["eu-central-1c"]}]}""", "eu-central-1c")]
    [InlineData("""{"filters":[{"name":"zone-type","values":["local-zone"]}]}""", "")]
    [InlineData("""{"region":"us-west-1"}""", "us-west-1a,us-west-1c")]
    public void Zones_are_those_of_the_region_that_pass_the_filters(string arguments, string expected)
    {
        var monitor = new MonitorHarness();
        var result = monitor.Invoke(Zones, [.. Engine.Values.PropertyValueExtensions.AsMap(Json(arguments))!.Select(entry => (entry.Key, entry.Value))]);

        var names = result.Return.Fields["names"].ListValue.Values.Select(name => name.StringValue).ToList();
        Assert.Equal(expected, string.Join(',', names));
        Assert.Equal(names.Count, result.Return.Fields["zoneIds"].ListValue.Values.Count);
        Assert.Single(monitor.Context.Invokes.Snapshot());
    }

    [Theory]
    [InlineData("eu-cental-1", "there is no AWS region 'eu-cental-1'; the nearest are eu-central-1")]
    [InlineData("mars", "; correct aws:region")]
    [InlineData("mars", "the regions are af-south-1")]
    [InlineData(null, "set aws:region")]
    public void An_unknown_region_fails_with_the_nearest_names(string? region, string expected)
    {
        var monitor = new MonitorHarness(region: region);
        var refused = Assert.Throws<RpcException>(() => monitor.Invoke(Zones));

        Assert.Contains(expected, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(refused.Status.Detail, Assert.Single(monitor.Context.Diagnostics.Snapshot()).Message);
    }

    [Theory]
    [InlineData("eu-central-1", "aws", "amazonaws.com")]
    [InlineData("cn-north-1", "aws-cn", "amazonaws.com.cn")]
    [InlineData("us-gov-west-1", "aws-us-gov", "amazonaws.com")]
    public void Account_partition_and_region_follow_the_configuration(string region, string partition, string suffix)
    {
        var monitor = new MonitorHarness(region: region);

        Assert.Equal(partition, monitor.Invoke("aws:index/getPartition:getPartition").Return.Fields["partition"].StringValue);
        Assert.Equal(suffix, monitor.Invoke("aws:index/getPartition:getPartition").Return.Fields["dnsSuffix"].StringValue);
        Assert.Equal(region, monitor.Invoke("aws:index/getRegion:getRegion").Return.Fields["region"].StringValue);
        Assert.Equal("123456789012", monitor.Invoke("aws:index/getCallerIdentity:getCallerIdentity").Return.Fields["accountId"].StringValue);
    }

    [Fact]
    public void A_resource_is_found_by_its_urn()
    {
        var monitor = new MonitorHarness();
        var vpc = monitor.Register(monitor.Custom("aws:ec2/vpc:Vpc", "main", ("cidrBlock", Text("10.0.0.0/16"))));
        var found = monitor.Invoke("pulumi:pulumi:getResource", ("urn", Text(vpc.Urn))).Return.Fields;

        Assert.Equal(UnknownSentinels.String, found["id"].StringValue);
        Assert.Equal("10.0.0.0/16", found["state"].StructValue.Fields["cidrBlock"].StringValue);
    }

    [Theory]
    [InlineData("aws:index/getAvailabilityZone:getAvailabilityZone", "did you mean 'aws:index/getAvailabilityZones:getAvailabilityZones'?")]
    [InlineData("random:index/anything:anything", "aws:iam/getRoles:getRoles")]
    public void An_unknown_function_is_a_clear_failure(string token, string end)
    {
        var refused = Assert.Throws<RpcException>(() => new MonitorHarness().Invoke(token));
        Assert.Matches($@"\Athe embedded engine cannot call {token}, only aws:\S+, .*{Regex.Escape(end)}\z", refused.Status.Detail);
    }

    [Fact]
    public void The_provider_of_a_call_must_be_registered_and_its_parent_a_urn()
    {
        var provider = Refusal(new ResourceInvokeRequest { Tok = Zones, Provider = "urn:pulumi:dev::project::pulumi:providers:aws::nobody::id" });
        var parent = Refusal(new ResourceInvokeRequest { Tok = Zones, Parent = "nobody" });

        Assert.Equal($"{Zones} uses the provider 'urn:pulumi:dev::project::pulumi:providers:aws::nobody::id', which is not registered", provider);
        Assert.Equal($"{Zones} has the parent 'nobody', which is not a URN", parent);
        Assert.NotEmpty(new MonitorHarness().Invoker.Invoke(
            new ResourceInvokeRequest { Tok = Zones, Parent = "urn:pulumi:dev::project::my:index:Component::nobody" }).Return.Fields);
    }

    [Fact]
    public void A_call_is_for_the_region_of_its_provider()
    {
        var monitor = new MonitorHarness();
        var provider = monitor.Register(monitor.Custom("pulumi:providers:aws", "other", ("region", Text("us-west-1"))));

        var answer = monitor.Invoker.Invoke(
            new ResourceInvokeRequest { Tok = "aws:index/getRegion:getRegion", Provider = $"{provider.Urn}::{UnknownSentinels.String}" });

        Assert.Equal("us-west-1", answer.Return.Fields["region"].StringValue);
    }

    [Fact]
    public void Malformed_arguments_are_refused() => Assert.StartsWith(
        $"{Zones}: property 'state' holds a malformed special value",
        Refusal(new ResourceInvokeRequest { Tok = Zones, Args = new() { Fields = { ["state"] = Malformed } } }),
        StringComparison.Ordinal);

    [Fact]
    public void Arguments_are_checked()
    {
        var refused = Assert.Throws<RpcException>(() => new MonitorHarness().Invoke(Zones, ("stat", Text("available"))));
        Assert.Contains("argument 'stat' is not a known property; did you mean 'state'?", refused.Status.Detail, StringComparison.Ordinal);
    }

    private static string Refusal(ResourceInvokeRequest request) =>
        Assert.Throws<RpcException>(() => new MonitorHarness().Invoker.Invoke(request)).Status.Detail;
}
