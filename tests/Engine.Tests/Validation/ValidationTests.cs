using HaCluster.Engine.Tests.Registration;
using HaCluster.Engine.Values;
using static HaCluster.Engine.Tests.Registration.MonitorHarness;

namespace HaCluster.Engine.Tests.Validation;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("aws:ec2/vpc:Vcp", "{}", "type 'aws:ec2/vpc:Vcp' is not in the schema of aws 7.48.0; did you mean 'aws:ec2/vpc:Vpc'?")]
    [InlineData("gcp:compute/network:Network", "{}", "in a package that the embedded engine does not know; it knows aws, kubernetes")]
    [InlineData("Vpc", "{}", "does not have the form package:module:Name")]
    [InlineData("aws:ec2/vpc:Vpc", """{"cidrBlok":"10.0.0.0/16"}""", "property 'cidrBlok' is not a known property; did you mean 'cidrBlock'?")]
    [InlineData("aws:ec2/vpc:Vpc", """{"cidrBlock":[]}""", "property 'cidrBlock' must be a string, not a list")]
    [InlineData("aws:ec2/vpc:Vpc", """{"enableDnsSupport":"perhaps"}""", "property 'enableDnsSupport' must be a boolean, not \"perhaps\"")]
    [InlineData("aws:ec2/vpc:Vpc", """{"tags":{"a":{}}}""", "property 'tags[\"a\"]' must be a string, not an object")]
    [InlineData("aws:ec2/subnet:Subnet", "{}", "property 'vpcId' is required but missing")]
    [InlineData("aws:eks/cluster:Cluster", """{"roleArn":"r","vpcConfig":{"subnetId":["s"]}}""", "property 'vpcConfig.subnetId' is not a known property; did you mean 'subnetIds'?")]
    [InlineData("aws:eks/cluster:Cluster", """{"roleArn":"r","vpcConfig":{"subnetIds":[["s"]]}}""", "property 'vpcConfig.subnetIds[0]' must be a string, not a list")]
    [InlineData("kubernetes:core/v1:Namespace", """{"kind":"Pod"}""", "property 'kind' must be \"Namespace\", not \"Pod\"")]
    [InlineData("kubernetes:core/v1:ConfigMap", """{"data":{"a":1}}""", "property 'data[\"a\"]' must be a string, not 1")]
    [InlineData("kubernetes:apps/v1:Deployment", """{"spec":{"replicas":1.5}}""", "property 'spec.replicas' must be a whole number, not 1.5")]
    [InlineData("kubernetes:example.com/v1:Thing", """{"apiVersion":"example.com/v2","kind":"Thing","metadata":{}}""", "property 'apiVersion' must be \"example.com/v1\"")]
    [InlineData("kubernetes:example.com/v1:Thing", """{"apiVersion":"example.com/v1","kind":"Thing"}""", "property 'metadata' is required but missing")]
    [InlineData("kubernetes:apps/v1:ReplicaSetting", "{}", "is not in the schema of kubernetes")]
    [InlineData("pulumi:providers:aws", """{"regoin":"eu-central-1"}""", "property 'regoin' is not a known property; did you mean 'region'?")]
    [InlineData("pulumi:providers:gcp", "{}", "provider for package 'gcp'")]
    public void What_is_wrong_is_refused_by_name(string type, string inputs, string expected)
    {
        var monitor = new MonitorHarness();
        var detail = monitor.Refusal(monitor.Custom(type, "it", [.. Entries(inputs)]));

        Assert.Contains(expected, detail, StringComparison.Ordinal);
        Assert.All(monitor.Context.Diagnostics.Snapshot(), problem => Assert.Contains("::it", problem.Urn, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("aws:ec2/vpc:Vpc", """{"cidrBlock":"10.0.0.0/16","enableDnsSupport":"true","tags":{"count":3}}""")]
    [InlineData("aws:ec2/launchTemplate:LaunchTemplate", """{"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{"encrypted":"true","volumeSize":"50"}}]}""")]
    [InlineData("kubernetes:example.com/v1:Thing", """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"free":["form"]}}""")]
    [InlineData("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", """{"apiVersion":"snapshot.storage.k8s.io/v1","kind":"VolumeSnapshotClass","metadata":{},"driver":"ebs.csi.aws.com"}""")]
    [InlineData("pulumi:providers:aws", """{"region":"eu-central-1","defaultTags":"{\"tags\":{\"a\":\"b\"}}"}""")]
    [InlineData("pulumi:providers:kubernetes", """{"enableServerSideApply":"true"}""")]
    public void What_the_provider_takes_is_taken(string type, string inputs)
    {
        var monitor = new MonitorHarness();
        monitor.Register(monitor.Custom(type, "it", [.. Entries(inputs)]));

        Assert.Empty(monitor.Context.Diagnostics.Snapshot());
    }

    [Fact]
    public void Unknown_secret_and_output_values_are_taken_for_what_they_wrap()
    {
        var monitor = new MonitorHarness();
        monitor.Register(monitor.Custom(
            "aws:eks/cluster:Cluster", "it",
            ("roleArn", new PropertyValue.Secret(PropertyValue.Unknown.Instance)),
            ("vpcConfig", new PropertyValue.Output(PropertyMap.Of(("subnetIds", PropertyValue.Unknown.Instance)), IsSecret: true, []))));

        Assert.Empty(monitor.Context.Diagnostics.Snapshot());
    }

    [Fact]
    public void All_problems_of_a_resource_are_found_at_once()
    {
        var monitor = new MonitorHarness();
        monitor.Refusal(monitor.Custom("aws:ec2/subnet:Subnet", "it", ("cidrBlok", Text("x")), ("tags", Text("y"))));

        Assert.Equal(["cidrBlok", "tags", "vpcId"], monitor.Context.Diagnostics.Snapshot().Select(problem => problem.Property).Order());
    }

    [Fact]
    public void No_message_shows_a_secret()
    {
        var monitor = new MonitorHarness();
        var secret = new PropertyValue.Secret(Json("""{"subnetIds":"hush","endpointPublicAccess":"hush"}"""));
        monitor.Refusal(monitor.Custom("aws:eks/cluster:Cluster", "it", ("roleArn", Text("r")), ("vpcConfig", secret)));
        monitor.Refusal(monitor.Custom("kubernetes:core/v1:Namespace", "it", ("kind", new PropertyValue.Secret(Text("hush")))));

        var problems = monitor.Context.Diagnostics.Snapshot();
        Assert.Equal(3, problems.Length);
        Assert.DoesNotContain(problems, problem => problem.Message.Contains("hush", StringComparison.Ordinal));
    }

    private static IEnumerable<(string, PropertyValue)> Entries(string json) => Json(json).AsMap()!.Select(entry => (entry.Key, entry.Value));
}
