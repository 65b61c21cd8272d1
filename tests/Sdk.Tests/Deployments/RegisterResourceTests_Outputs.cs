using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Deployments;

/// <content>Outputs of registered resources.</content>
public sealed partial class RegisterResourceTests
{
    [Fact]
    public async Task Missing_outputs_are_unknown_in_a_preview_or_when_skipped_and_known_null_otherwise()
    {
        Assert.True(await IsZoneKnownAsync(isPreview: false, Result.Success));
        Assert.False(await IsZoneKnownAsync(isPreview: true, Result.Success));
        Assert.False(await IsZoneKnownAsync(isPreview: false, Result.Skip));

        static async Task<bool> IsZoneKnownAsync(bool isPreview, Result result)
        {
            Machine machine = null!;
            var monitor = new FakeMonitor(isPreview)
            {
                OnRegister = (_, response) =>
                {
                    response.Result = result;
                    return Task.CompletedTask;
                },
            };
            await ProgramRun.SucceedAsync(() => machine = new Machine("a", new MachineArgs { Size = 1 }), monitor, isPreview);
            Assert.True((await machine.Size.DataTask).IsKnown);
            Assert.Equal(!isPreview, (await machine.Id.DataTask).IsKnown);
            return (await machine.Zone.DataTask).IsKnown;
        }
    }

    [Fact]
    public async Task Outputs_become_the_types_of_the_program_each_with_its_own_secrecy_and_dependencies()
    {
        Machine machine = null!;
        var monitor = new FakeMonitor
        {
            OnRegister = (request, response) =>
            {
                if (request.Name != "a")
                    return Task.CompletedTask;
                response.Object = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson($$$"""
                    {"size": 4, "tags": {"k": "v", "__internal": 1}, "disks": [{"gib": 5}, {"gib": 6, "key": "x"}],
                     "password": {"{{{Signatures.Key}}}": "{{{Signatures.Secret}}}", "value": "p"}}
                    """);
                response.PropertyDependencies["size"] = new() { Urns = { UrnOf("elsewhere") } };
                return Task.CompletedTask;
            },
        };
        await ProgramRun.SucceedAsync(() =>
        {
            machine = new Machine("a");
            _ = new Machine("b", new MachineArgs { Size = machine.Size, Zone = machine.Tags.Apply(tags => tags!["k"]) });
        }, monitor);

        Assert.Equal(4, (await machine.Size.DataTask).Value);
        Assert.Equal([("k", "v")], (await machine.Tags.DataTask).Value!.Select(tag => (tag.Key, tag.Value)));
        Assert.Equal([(5, null), (6, "x")], (await machine.Disks.DataTask).Value.Select(disk => (disk.Gib, disk.Key)));
        Assert.Equal(("p", true), ((await machine.Password.DataTask).Value, (await machine.Password.DataTask).IsSecret));
        Assert.False((await machine.Size.DataTask).IsSecret);
        Assert.Equal([UrnOf("a"), UrnOf("elsewhere")], monitor.Registration("b").PropertyDependencies["size"].Urns.Order());
        Assert.Equal([UrnOf("a")], monitor.Registration("b").PropertyDependencies["zone"].Urns);
    }

    [Fact]
    public async Task Output_of_another_type_is_warned_of_and_default()
    {
        Machine machine = null!;
        var monitor = new FakeMonitor
        {
            OnRegister = (_, response) =>
            {
                response.Object = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson("""{"size": "big"}""");
                return Task.CompletedTask;
            },
        };
        var run = await ProgramRun.OfAsync(() => machine = new Machine("a"), monitor);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(0, (await machine.Size.DataTask).Value);
        var warning = Assert.Single(run.Engine.Messages);
        Assert.Equal(LogSeverity.Warning, warning.Severity);
        Assert.Equal(UrnOf("a"), warning.Urn);
        Assert.Contains("Machine.size", warning.Message, StringComparison.Ordinal);
    }
}
