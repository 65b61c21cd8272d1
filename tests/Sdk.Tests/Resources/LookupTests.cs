using Google.Protobuf.WellKnownTypes;
using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;
using Pulumi.Serialization;

namespace HaCluster.Sdk.Tests.Resources;

/// <summary>Resources that are read, looked up or referred to.</summary>
public sealed class LookupTests
{
    [Fact]
    public async Task Resource_with_an_id_is_read_not_registered()
    {
        Machine machine = null!;
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var options = new CustomResourceOptions
            {
                Id = "i-1",
                Version = "1.2.3",
                Provider = new Cloud("cloud"),
                DependsOn = { new Machine("other") },
            };
            machine = new Machine("a", new MachineArgs { Zone = "z" }, options);
        });

        var request = Assert.Single(monitor.Requests.OfType<ReadResourceRequest>());
        Assert.Equal(
            ("i-1", "test:index:Machine", "a", "1.2.3", ProgramRun.StackUrn, true, true),
            (request.Id, request.Type, request.Name, request.Version, request.Parent, request.AcceptSecrets, request.AcceptResources));
        Assert.EndsWith("::cloud::cloud-id", request.Provider, StringComparison.Ordinal);
        Assert.Single(request.Dependencies);
        Assert.Equal("z", request.Properties.Fields["zone"].StringValue);
        Assert.DoesNotContain(monitor.Registrations, registration => registration.Name == "a");
        Assert.Equal("i-1", (await machine.Id.DataTask).Value);
        Assert.Equal("z", (await machine.Zone.DataTask).Value);
    }

    [Fact]
    public async Task Component_cannot_be_read()
    {
        var run = await ProgramRun.OfAsync(() => _ = new Group("g", new ComponentResourceOptions { Id = "x" }));
        run.AssertError("ResourceOptions.Id is only valid for a CustomResource");
    }

    [Fact]
    public async Task Reference_in_an_output_becomes_an_instance_whose_state_is_looked_up()
    {
        const string urn = "urn:pulumi:stack::project::test:index:Machine::referred";
        var reference = Struct.Parser.ParseJson($$"""
            {"{{Signatures.Key}}": "{{Signatures.ResourceReference}}", "urn": "{{urn}}", "id": "r-1", "packageVersion": "1.0.0"}
            """);
        Machine? referred = null;
        var monitor = new FakeMonitor
        {
            OnInvoke = request => request.Tok == "pulumi:pulumi:getResource"
                ? new ResourceInvokeResponse
                {
                    Return = Struct.Parser.ParseJson($$$"""{"urn": "{{{urn}}}", "id": "r-1", "state": {"zone": "z9"}}"""),
                }
                : new ResourceInvokeResponse { Return = new Struct { Fields = { ["found"] = Value.ForStruct(reference) } } },
        };
        await ProgramRun.SucceedAsync(() => Deployment.Instance
            .InvokeSingle<Machine>("test:index:find", InvokeArgs.Empty)
            .Apply(machine => referred = machine), monitor);

        Assert.Equal("z9", (await referred!.Zone.DataTask).Value);
        Assert.Equal("r-1", (await referred.Id.DataTask).Value);
        Assert.DoesNotContain(monitor.Registrations, registration => registration.Custom);
    }

    [Theory]
    [InlineData("1.2.0", true)]
    [InlineData("1.0.0", true)]
    [InlineData("", true)]
    [InlineData(null, true)]
    [InlineData("1.3.0", false)]
    [InlineData("2.0.0", false)]
    [InlineData("0.9.0", false)]
    public void Class_is_found_if_it_is_of_the_major_and_not_older(string? version, bool isFound)
        => Assert.Equal(isFound ? typeof(Machine) : null, ResourcePackages.FindType("test:index:Machine", version));

    [Fact]
    public void Versions_are_ordered_by_precedence()
    {
        string[] ordered =
        [
            "v1", "1.0.1-alpha", "1.0.1-alpha.1", "1.0.1-alpha.beta", "1.0.1-beta.2", "1.0.1-beta.11", "1.0.1-rc.1", "1.0.1", "1.10.0",
        ];
        Assert.Equal(ordered, ordered.Reverse().OrderBy(PackageVersion.Parse));
    }

    [Fact]
    public async Task Stack_reference_gives_outputs_of_another_stack_secret_only_where_they_are()
    {
        StackReference reference = null!;
        Output<object?> open = null!, secret = null!, missing = null!;
        var monitor = new FakeMonitor
        {
            OnRead = request => new ReadResourceResponse
            {
                Urn = $"urn:pulumi:stack::project::{request.Type}::{request.Name}",
                Properties = Struct.Parser.ParseJson($$$"""
                    {"name": "org/p/s", "secretOutputNames": ["token"],
                     "outputs": {"region": "eu-west-1", "token": {"{{{Signatures.Key}}}": "{{{Signatures.Secret}}}", "value": "t"} } }
                    """),
            },
        };
        await ProgramRun.SucceedAsync(() =>
        {
            reference = new StackReference("org/p/s");
            (open, secret, missing) = (reference.GetOutput("region"), reference.GetOutput("token"), reference.GetOutput("none"));
        }, monitor);

        var request = Assert.Single(monitor.Requests.OfType<ReadResourceRequest>());
        Assert.Equal(("pulumi:pulumi:StackReference", "org/p/s"), (request.Type, request.Id));
        Assert.Equal(("eu-west-1", false), ((await open.DataTask).Value, (await open.DataTask).IsSecret));
        Assert.Equal(("t", true), ((await secret.DataTask).Value, (await secret.DataTask).IsSecret));
        Assert.Null((await missing.DataTask).Value);
        Assert.True((await reference.Outputs.DataTask).IsSecret);
        Assert.Equal("eu-west-1", await reference.RequireValueAsync("region"));
        Assert.Equal("t", (await reference.GetOutputDetailsAsync("token")).SecretValue);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reference.GetValueAsync("token"));
        var e = await Assert.ThrowsAsync<KeyNotFoundException>(() => reference.RequireValueAsync("none"));
        Assert.Equal("Required output 'none' does not exist on stack 'org/p/s'.", e.Message);
    }
}
