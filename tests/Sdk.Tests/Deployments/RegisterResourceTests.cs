using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;
using Pulumi.Utilities;
using CustomTimeouts = Pulumi.CustomTimeouts;

namespace HaCluster.Sdk.Tests.Deployments;

public sealed partial class RegisterResourceTests
{
    private static string UrnOf(string name, string type = "test:index:Machine") => $"urn:pulumi:stack::project::{type}::{name}";

    [Fact]
    public async Task Stack_comes_first_without_parent_and_everything_else_under_it()
    {
        var monitor = await ProgramRun.SucceedAsync(() => _ = new Machine("a"));
        var stack = monitor.Registrations[0];
        Assert.Equal(("pulumi:pulumi:Stack", "project-stack", "", false), (stack.Type, stack.Name, stack.Parent, stack.Custom));
        Assert.Empty(stack.Object.Fields);
        Assert.Equal(ProgramRun.StackUrn, monitor.Registration("a").Parent);
        Assert.Empty(monitor.Outputs(ProgramRun.StackUrn).Fields);
        Assert.True(monitor.WasSignalled);
    }

    [Fact]
    public async Task Plain_request_says_what_every_request_says()
    {
        var monitor = await ProgramRun.SucceedAsync(() => _ = new Machine("a", new MachineArgs { Size = 3 }));
        var expected = new RegisterResourceRequest
        {
            Type = "test:index:Machine",
            Name = "a",
            Custom = true,
            Parent = ProgramRun.StackUrn,
            Object = new() { Fields = { ["size"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(3) } },
            PropertyDependencies = { ["size"] = new() },
            AcceptSecrets = true,
            AcceptResources = true,
            SupportsResultReporting = true,
            Hooks = new(),
        };
        Assert.Equal(expected, monitor.Registration("a"));
    }

    [Fact]
    public async Task Options_go_to_their_fields()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var other = new Machine("other");
            _ = new Machine("a", null, new CustomResourceOptions
            {
                Protect = false,
                RetainOnDelete = true,
                DeleteBeforeReplace = false,
                Version = "1.2.3",
                PluginDownloadURL = "https://example.com",
                ImportId = "i-1",
                IgnoreChanges = { "tags" },
                ReplaceOnChanges = { "zone" },
                HideDiffs = { "size" },
                AdditionalSecretOutputs = { "password" },
                EnvVarMappings = { ["A"] = "B" },
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(5), Delete = TimeSpan.FromTicks(1) },
                DependsOn = { other },
                DeletedWith = other,
                ReplaceWith = { other },
                ReplacementTrigger = Output.CreateSecret<object>("v1"),
            });
        });

        var request = monitor.Registration("a");
        Assert.True(request is { HasProtect: true, Protect: false, HasRetainOnDelete: true, RetainOnDelete: true });
        Assert.True(request is { DeleteBeforeReplaceDefined: true, DeleteBeforeReplace: false });
        Assert.Equal(("1.2.3", "https://example.com", "i-1"), (request.Version, request.PluginDownloadURL, request.ImportId));
        Assert.Equal(
            ("tags", "zone", "size", "password"),
            (request.IgnoreChanges.Single(), request.ReplaceOnChanges.Single(),
                request.HideDiffs.Single(), request.AdditionalSecretOutputs.Single()));
        Assert.Equal("B", request.EnvVarMappings["A"]);
        var timeouts = request.CustomTimeouts;
        Assert.Equal(("300000000000ns", "", "100ns"), (timeouts.Create, timeouts.Update, timeouts.Delete));
        Assert.Equal([UrnOf("other")], request.Dependencies);
        Assert.Equal([UrnOf("other")], request.ReplaceWith);
        Assert.Equal(UrnOf("other"), request.DeletedWith);
        Assert.Equal(Signatures.Secret, request.ReplacementTrigger.StructValue.Fields[Signatures.Key].StringValue);
    }

    [Fact]
    public async Task Dependencies_are_exact_for_each_property_and_empty_for_those_without()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var a = new Machine("a", new MachineArgs { Size = 1, Zone = "z" });
            var b = new Machine("b", new MachineArgs { Zone = "y" });
            _ = new Machine("c", new MachineArgs
            {
                Size = a.Size,
                Zone = Output.Format($"{a.Zone}{b.Zone}"),
                Tags = { ["fixed"] = "x", ["from-b"] = b.Id },
                Password = "p",
            });
        });

        var request = monitor.Registration("c");
        Assert.Equal([UrnOf("a"), UrnOf("b")], request.Dependencies.Order());
        Assert.Equal([UrnOf("a")], request.PropertyDependencies["size"].Urns);
        Assert.Equal([UrnOf("a"), UrnOf("b")], request.PropertyDependencies["zone"].Urns.Order());
        Assert.Equal([UrnOf("b")], request.PropertyDependencies["tags"].Urns);
        Assert.Empty(request.PropertyDependencies["password"].Urns);
        // Lists and maps that were only looked at by an initializer are there, empty.
        Assert.Equal(["password", "size", "tags", "zone"], request.PropertyDependencies.Keys.Order());
    }

    [Fact]
    public async Task Depending_on_a_component_means_its_custom_resources_through_nested_components()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var group = new Group("outer", null, outer =>
            {
                var custom = new Machine("one", null, new CustomResourceOptions { Parent = outer });
                _ = new Machine("below-custom", null, new CustomResourceOptions { Parent = custom });
                _ = new Group("inner", new ComponentResourceOptions { Parent = outer }, inner =>
                    _ = new Machine("two", null, new CustomResourceOptions { Parent = inner }));
            });
            _ = new Machine("last", null, new CustomResourceOptions { DependsOn = { group } });
        });

        Assert.Equal(
            ["urn:pulumi:stack::project::test:index:Group$test:index:Group$test:index:Machine::two",
             "urn:pulumi:stack::project::test:index:Group$test:index:Machine::one"],
            monitor.Registration("last").Dependencies.Order());
    }

    [Fact]
    public async Task Secrets_are_wrapped_unknowns_are_the_sentinel_and_only_where_they_are()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var a = new Machine("a");
            _ = new Machine("b", new MachineArgs
            {
                Zone = a.Zone.Apply(zone => zone!),
                Password = Output.CreateSecret("p"),
                Tags = { ["open"] = "x", ["secret"] = Output.CreateSecret("y"), ["late"] = a.Id },
                Disks = { new DiskArgs { Gib = 1 }, new DiskArgs { Gib = 2, Key = Output.CreateSecret("k") } },
            });
        }, isPreview: true);

        var fields = monitor.Registration("b").Object.Fields;
        Assert.Equal(UnknownSentinels.String, fields["zone"].StringValue);
        AssertSecret("p", fields["password"]);
        var tags = fields["tags"].StructValue.Fields;
        Assert.Equal("x", tags["open"].StringValue);
        AssertSecret("y", tags["secret"]);
        Assert.Equal(UnknownSentinels.String, tags["late"].StringValue);
        var disks = fields["disks"].ListValue.Values;
        Assert.Equal(["gib"], disks[0].StructValue.Fields.Keys);
        AssertSecret("k", disks[1].StructValue.Fields["key"]);
    }

    [Fact]
    public async Task Nulls_are_dropped_from_maps_and_kept_in_lists()
    {
        var monitor = await ProgramRun.SucceedAsync(() => _ = new Machine("a", new MachineArgs
        {
            User = new Dictionary<string, object?> { ["gone"] = null, ["list"] = new object?[] { "a", null, "b" } },
            Zone = Output.Create((string)null!),
        }));

        var fields = monitor.Registration("a").Object.Fields;
        Assert.Equal(["user"], fields.Keys);
        var list = fields["user"].StructValue.Fields["list"].ListValue.Values;
        Assert.Equal(["list"], fields["user"].StructValue.Fields.Keys);
        Assert.Equal(3, list.Count);
        Assert.True(list[1].HasNullValue);
    }

    [Fact]
    public async Task Json_properties_are_text_whose_unknowns_and_secrets_show()
    {
        var monitor = await ProgramRun.SucceedAsync(
            () => _ = new Machine("a", new MachineArgs { Settings = new InputMap<string> { ["k"] = Output.CreateSecret("v") } }));
        AssertSecret("""{ "k": "v" }""", monitor.Registration("a").Object.Fields["settings"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resources_as_values_are_references_or_ids(bool supportsReferences)
    {
        var monitor = new FakeMonitor { MissingFeatures = supportsReferences ? [] : ["resourceReferences"] };
        await ProgramRun.SucceedAsync(() =>
        {
            var a = new Machine("a");
            var group = new Group("g");
            _ = new Machine("b", new MachineArgs { Peer = a });
            _ = new Machine("c", new MachineArgs { Peer = group });
        }, monitor);

        var custom = monitor.Registration("b").Object.Fields["peer"];
        var component = monitor.Registration("c").Object.Fields["peer"];
        Assert.Equal([UrnOf("a")], monitor.Registration("b").Dependencies);
        if (!supportsReferences)
        {
            Assert.Equal("a-id", custom.StringValue);
            Assert.Equal(UrnOf("g", "test:index:Group"), component.StringValue);
            return;
        }

        Assert.Equal((UrnOf("a"), "a-id"), (custom.StructValue.Fields["urn"].StringValue, custom.StructValue.Fields["id"].StringValue));
        Assert.Equal(UrnOf("g", "test:index:Group"), component.StructValue.Fields["urn"].StringValue);
        Assert.False(component.StructValue.Fields.ContainsKey("id"));
    }

    [Fact]
    public async Task Reference_to_what_is_not_created_yet_has_an_empty_id()
    {
        var monitor = await ProgramRun.SucceedAsync(
            () => _ = new Machine("b", new MachineArgs { Peer = new Machine("a") }), isPreview: true);
        Assert.Equal("", monitor.Registration("b").Object.Fields["peer"].StructValue.Fields["id"].StringValue);
    }

    [Fact]
    public async Task Assets_and_archives_nest()
    {
        var monitor = await ProgramRun.SucceedAsync(() => _ = new Machine("a", new MachineArgs
        {
            User = new AssetArchive(new Dictionary<string, AssetOrArchive>
            {
                ["text"] = new StringAsset("t"),
                ["file"] = new FileAsset("./f"),
                ["remote"] = new RemoteArchive("https://example.com/a.zip"),
            }),
        }));

        var archive = monitor.Registration("a").Object.Fields["user"].StructValue.Fields;
        Assert.Equal(Signatures.Archive, archive[Signatures.Key].StringValue);
        var assets = archive["assets"].StructValue.Fields;
        Assert.Equal("t", assets["text"].StructValue.Fields["text"].StringValue);
        Assert.Equal("./f", assets["file"].StructValue.Fields["path"].StringValue);
        Assert.Equal("https://example.com/a.zip", assets["remote"].StructValue.Fields["uri"].StringValue);
        Assert.Equal(Signatures.Archive, assets["remote"].StructValue.Fields[Signatures.Key].StringValue);
    }

    [Fact]
    public async Task Registrations_without_dependencies_on_each_other_run_at_the_same_time()
    {
        const int count = 20;
        var arrived = 0;
        var all = new TaskCompletionSource();
        var monitor = new FakeMonitor
        {
            OnRegister = (request, _) =>
            {
                if (request.Custom && Interlocked.Increment(ref arrived) == count)
                    all.SetResult();
                return request.Custom ? all.Task : Task.CompletedTask;
            },
        };
        await ProgramRun.SucceedAsync(() =>
        {
            for (var i = 0; i < count; i++)
                _ = new Machine($"m{i}");
        }, monitor);
        Assert.Equal(count, arrived);
    }

    [Fact]
    public async Task Features_are_asked_for_lazily_and_once_however_many_ask()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            for (var i = 0; i < 20; i++)
                _ = new Machine($"m{i}");
        });
        Assert.Equal(["aliasSpecs", "resourceReferences"], monitor.FeaturesAsked.Order());
    }

    [Fact]
    public async Task Unknown_with_a_value_is_never_sent()
    {
        var monitor = await ProgramRun.SucceedAsync(
            () => _ = new Machine("a", new MachineArgs { Zone = Output.CreateSecret(OutputUtilities.CreateUnknown("hidden")) }));
        // As officially: of a secret that is unknown, only that it is unknown is sent.
        Assert.Equal(UnknownSentinels.String, monitor.Registration("a").Object.Fields["zone"].StringValue);
    }

    private static void AssertSecret(string expected, Google.Protobuf.WellKnownTypes.Value value)
    {
        Assert.Equal(Signatures.Secret, value.StructValue.Fields[Signatures.Key].StringValue);
        Assert.Equal(expected, value.StructValue.Fields["value"].StringValue);
    }
}
