using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Session;
using HaCluster.Engine.Values;
using HaCluster.Wire;
using static HaCluster.Engine.Tests.Registration.MonitorHarness;

namespace HaCluster.Engine.Tests.Registration;

public sealed class RegistrationTests
{
    private const string Vpc = "aws:ec2/vpc:Vpc";

    private readonly MonitorHarness _monitor = new();

    [Fact]
    public void Urns_carry_the_types_of_all_parents_but_the_stack()
    {
        var component = _monitor.Register(_monitor.Component("outer"));
        var inner = _monitor.Component("inner");
        inner.Parent = component.Urn;
        var child = _monitor.Custom(Vpc, "a::b", ("cidrBlock", Text("10.0.0.0/16")));
        child.Parent = _monitor.Register(inner).Urn;

        Assert.Equal("urn:pulumi:dev::project::my:index:Component::outer", component.Urn);
        Assert.Equal("urn:pulumi:dev::project::my:index:Component$my:index:Component$aws:ec2/vpc:Vpc::a::b", _monitor.Register(child).Urn);
        Assert.Equal("a::b", ResourceUrn.Name(child.Parent.Replace("inner", "a::b", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_second_resource_of_the_same_name_is_refused_in_the_words_of_the_engine()
    {
        _monitor.Register(_monitor.Custom(Vpc, "main"));

        Assert.Equal(
            "Duplicate resource URN 'urn:pulumi:dev::project::aws:ec2/vpc:Vpc::main'; try giving it a unique name",
            _monitor.Refusal(_monitor.Custom(Vpc, "main")));
    }

    [Fact]
    public void Children_inherit_what_the_engine_lets_them_inherit()
    {
        var provider = _monitor.Register(_monitor.Custom("pulumi:providers:aws", "other", ("region", Text("us-west-2"))));
        var parent = _monitor.Component("parent");
        parent.Protect = true;
        parent.RetainOnDelete = true;
        parent.DeletedWith = provider.Urn;
        parent.Provider = $"{provider.Urn}::{UnknownSentinels.String}";
        var registered = _monitor.Register(parent);
        var child = _monitor.Custom(Vpc, "child");
        child.Parent = registered.Urn;
        child.RetainOnDelete = false;
        var stranger = _monitor.Custom("kubernetes:core/v1:Namespace", "child");
        stranger.Parent = registered.Urn;

        var node = _monitor.Register(child);
        Assert.True(node.Options.Protect);
        Assert.False(node.Options.RetainOnDelete);
        Assert.Equal(provider.Urn, node.Options.DeletedWith);
        Assert.Equal(parent.Provider, node.Provider);
        Assert.Equal("us-west-2", node.Outputs["region"].AsText());
        Assert.Null(_monitor.Register(stranger).Provider);
    }

    [Fact]
    public void Parents_and_providers_must_be_registered()
    {
        var orphan = _monitor.Custom(Vpc, "orphan");
        orphan.Parent = "urn:pulumi:dev::project::my:index:Component::nobody";
        var unprovided = _monitor.Custom(Vpc, "unprovided");
        unprovided.Provider = "urn:pulumi:dev::project::pulumi:providers:aws::nobody::id";

        Assert.Contains("has the parent urn:pulumi:dev::project::my:index:Component::nobody", _monitor.Refusal(orphan), StringComparison.Ordinal);
        Assert.Contains("uses the provider '", _monitor.Refusal(unprovided), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_provider_is_taken_for_one()
    {
        var request = _monitor.Custom(Vpc, "main");
        request.Provider = $"{_monitor.Register(_monitor.Component("component")).Urn}::id";

        Assert.Contains("uses the provider '", _monitor.Refusal(request), StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_echoes_what_is_known_and_leaves_out_what_is_not()
    {
        var request = _monitor.Custom(
            "aws:ec2/subnet:Subnet", "a", ("vpcId", PropertyValue.Unknown.Instance), ("cidrBlock", Text("10.0.1.0/24")),
            ("tags", new PropertyValue.Secret(Json("""{"a":"b"}"""))));

        var response = _monitor.Registrar.Register(request);
        request.Name = "b";
        request.SupportsPartialValues = true;
        var partial = _monitor.Registrar.Register(request);

        Assert.Equal("", response.Id);
        Assert.Equal("10.0.1.0/24", response.Object.Fields["cidrBlock"].StringValue);
        Assert.Equal(Signatures.Secret, response.Object.Fields["tags"].StructValue.Fields[Signatures.Key].StringValue);
        Assert.False(response.Object.Fields.ContainsKey("arn"));
        Assert.False(response.Object.Fields.ContainsKey("vpcId"));
        Assert.Equal(UnknownSentinels.String, partial.Object.Fields["arn"].StringValue);
    }

    [Fact]
    public void What_is_computed_inside_a_given_object_is_unknown_in_a_preview()
    {
        var cluster = _monitor.Register(_monitor.Custom(
            "aws:eks/cluster:Cluster", "k", ("roleArn", Text("arn:aws:iam::1:role/r")), ("vpcConfig", Json("""{"subnetIds":["subnet-1"]}"""))));

        Assert.IsType<PropertyValue.Unknown>(cluster.Outputs["vpcConfig"].AsMap()!["clusterSecurityGroupId"]);
    }

    [Fact]
    public void Secrets_are_laid_open_for_a_runtime_that_does_not_accept_them()
    {
        var request = _monitor.Custom(Vpc, "main", ("cidrBlock", new PropertyValue.Secret(Text("10.0.0.0/16"))));
        request.AcceptSecrets = false;

        Assert.Equal("10.0.0.0/16", _monitor.Registrar.Register(request).Object.Fields["cidrBlock"].StringValue);
    }

    [Fact]
    public void Options_and_dependencies_are_recorded()
    {
        var first = _monitor.Register(_monitor.Custom(Vpc, "first"));
        var request = _monitor.Custom(Vpc, "second", ("cidrBlock", Text("10.0.0.0/16")));
        request.Dependencies.Add([first.Urn, first.Urn]);
        request.IgnoreChanges.Add("tags");
        request.CustomTimeouts = new() { Create = "5m" };
        request.Aliases.Add(new Alias { Spec = new() { Name = "old", NoParent = true } });
        request.AdditionalSecretOutputs.Add("cidrBlock");

        var node = _monitor.Register(request);
        Assert.Equal(first.Urn, Assert.Single(node.Dependencies));
        Assert.Equal(first.Urn, Assert.Single(node.PropertyDependencies["cidrBlock"]));
        Assert.Equal("tags", Assert.Single(node.Options.IgnoreChanges));
        Assert.Equal("5m", node.Options.CustomTimeouts["create"]);
        Assert.Equal("name=old;parent=none", Assert.Single(node.Options.Aliases));
        Assert.IsType<PropertyValue.Secret>(node.Outputs["cidrBlock"]);
    }

    [Fact]
    public void Malformed_special_values_are_refused_with_their_property()
    {
        var request = _monitor.Custom(Vpc, "main");
        request.Object.Fields["cidrBlock"] = Malformed;

        Assert.Contains("property 'cidrBlock' holds a malformed special value", _monitor.Refusal(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Malformed_special_values_inside_of_others_are_refused_with_the_path_to_them()
    {
        var request = _monitor.Custom(Vpc, "main");
        request.Object.Fields["tags"] = Value.ForStruct(new Struct { Fields = { ["team"] = Value.ForStruct(new Struct { Fields = { ["name"] = Malformed } }) } });

        Assert.Contains("property 'tags.team.name' holds a malformed special value", _monitor.Refusal(request), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trigger_of_replacements_is_recorded_and_a_malformed_one_refused()
    {
        var request = _monitor.Custom(Vpc, "main");
        request.ReplacementTrigger = Google.Protobuf.WellKnownTypes.Value.ForString("2026-12-01");
        var malformed = _monitor.Custom(Vpc, "other");
        malformed.ReplacementTrigger = Malformed;

        Assert.Equal("2026-12-01", _monitor.Register(request).Options.ReplacementTrigger.AsText());
        Assert.Contains(
            "aws:ec2/vpc:Vpc 'other': the option replacementTrigger holds a malformed special value", _monitor.Refusal(malformed), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_a_provider_plugin_or_the_program_itself_is_refused()
    {
        var remote = _monitor.Component("remote");
        remote.Remote = true;
        var transformed = _monitor.Custom(Vpc, "transformed");
        transformed.Transforms.Add(new Callback { Target = "127.0.0.1:1", Token = "one" });

        Assert.Equal(
            "my:index:Component 'remote': it is a remote component, which needs its own provider; the embedded engine runs no providers", _monitor.Refusal(remote));
        Assert.Equal(
            "aws:ec2/vpc:Vpc 'transformed': it has resource transforms, which the embedded engine does not call", _monitor.Refusal(transformed));
    }

    [Fact]
    public void More_than_the_engine_keeps_is_refused()
    {
        var stack = _monitor.Context.Resources.Find(_monitor.StackUrn)!;
        Assert.True(_monitor.Context.Resources.TryAdd(stack with { Urn = "large" }, (int)ResourceRegistry.MaxRetainedBytes - 1_000, out _));

        Assert.Equal("the program's resources take more than 1024 MiB", _monitor.Refusal(_monitor.Custom(Vpc, "main", ("cidrBlock", Text(new string('1', 1_000))))));
    }

    [Fact]
    public void A_stack_reference_is_unknown_in_a_preview_and_refused_in_a_simulation()
    {
        var request = new ReadResourceRequest
        {
            Id = "org/network/prod",
            Type = "pulumi:pulumi:StackReference",
            Name = "network",
            Parent = _monitor.StackUrn,
            AcceptSecrets = true,
        };

        Assert.Equal(UnknownSentinels.String, _monitor.Reader.Read(request).Properties.Fields["outputs"].StringValue);
        var refused = Assert.Throws<RpcException>(() => new MonitorHarness(RunMode.Simulated).Reader.Read(request));
        Assert.Contains("org/network/prod", refused.Status.Detail, StringComparison.Ordinal);
    }
}
