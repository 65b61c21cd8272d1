using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Session;
using HaCluster.Wire;

namespace HaCluster.Engine.Tests.Registration;

/// <summary>What becomes of resources that a program looks up and does not own.</summary>
public sealed class ReadTests
{
    private const string Vpc = "aws:ec2/vpc:Vpc";

    private readonly MonitorHarness _monitor = new();

    [Fact]
    public void A_read_resource_is_part_of_the_graph_under_its_id()
    {
        var answer = _monitor.Reader.Read(Request("main"));

        var node = _monitor.Context.Resources.Find(answer.Urn)!;
        Assert.Equal(("vpc-1", true, "main"), (node.Id, node.IsRead, node.Name));
        Assert.False(_monitor.Context.Refused);
    }

    [Fact]
    public void One_that_is_registered_already_is_refused_in_the_words_of_the_engine()
    {
        _monitor.Register(_monitor.Custom(Vpc, "main"));

        Assert.Equal(
            (StatusCode.InvalidArgument, "Duplicate resource URN 'urn:pulumi:dev::project::aws:ec2/vpc:Vpc::main'; try giving it a unique name"),
            Refusal(Request("main")));
    }

    [Fact]
    public void One_more_than_the_engine_holds_is_refused_and_breaks_no_protocol()
    {
        var stack = _monitor.Context.Resources.Find(_monitor.StackUrn)!;
        for (var i = _monitor.Context.Resources.Count; i < ResourceRegistry.MaxResources; i++)
            Assert.True(_monitor.Context.Resources.TryAdd(stack with { Urn = $"{i}" }, size: 1, out _));

        Assert.Equal((StatusCode.ResourceExhausted, "the program declares more than 100000 resources"), Refusal(Request("main")));
    }

    [Fact]
    public void A_state_that_the_provider_could_not_have_is_refused_by_its_property()
    {
        var request = Request("main");
        request.Properties = new Struct { Fields = { ["cidrBlok"] = Value.ForString("10.0.0.0/16") } };

        Assert.Contains("property 'cidrBlok' is not a known property; did you mean 'cidrBlock'?", Refusal(request).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_value_is_refused()
    {
        var request = Request("main");
        request.Properties = new Struct { Fields = { ["tags"] = MonitorHarness.Malformed } };

        Assert.Contains("property 'tags'", Refusal(request).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parents_must_be_registered()
    {
        var request = Request("main");
        request.Parent = "urn:pulumi:dev::project::my:index:Component::nobody";

        Assert.Equal(
            "aws:ec2/vpc:Vpc 'main' has the parent urn:pulumi:dev::project::my:index:Component::nobody, which is not registered", Refusal(request).Detail);
    }

    [Fact]
    public void Providers_must_be_registered()
    {
        var request = Request("main");
        request.Provider = "urn:pulumi:dev::project::pulumi:providers:aws::nobody::id";

        Assert.Equal($"aws:ec2/vpc:Vpc 'main' uses the provider '{request.Provider}', which is not registered", Refusal(request).Detail);
    }

    // https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go: ReadResource takes the default provider, whatever its parent has.
    [Fact]
    public void A_provider_is_not_inherited()
    {
        var provider = _monitor.Register(_monitor.Custom("pulumi:providers:aws", "other", ("region", MonitorHarness.Text("us-west-2"))));
        var parent = _monitor.Component("parent");
        parent.Provider = $"{provider.Urn}::{UnknownSentinels.String}";
        var inheriting = Request("main");
        inheriting.Parent = _monitor.Register(parent).Urn;
        var explicitly = Request("other");
        explicitly.Provider = parent.Provider;

        Assert.Null(Read(inheriting).Provider);
        Assert.Equal(parent.Provider, Read(explicitly).Provider);

        ResourceNode Read(ReadResourceRequest request) => _monitor.Context.Resources.Find(_monitor.Reader.Read(request).Urn)!;
    }

    private ReadResourceRequest Request(string name) => new() { Type = Vpc, Name = name, Id = "vpc-1", Parent = _monitor.StackUrn };

    /// <summary>The answer of the wire; what the verdict of the run is made of must say the same.</summary>
    private (StatusCode Status, string Detail) Refusal(ReadResourceRequest request)
    {
        var method = _monitor.Methods["/pulumirpc.ResourceMonitor/ReadResource"];
        var refused = Assert.Throws<RpcException>(() => method.Call(request));
        Assert.True(_monitor.Context.Refused);
        Assert.Equal(refused.Status.Detail, Assert.Single(_monitor.Context.Diagnostics.Snapshot()).Message);
        return (refused.StatusCode, refused.Status.Detail);
    }
}
