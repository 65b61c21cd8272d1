using System.Text.Json;
using Pulumi;
using Pulumi.Utilities;

namespace HaCluster.Sdk.Tests.Core;

public sealed class OutputJsonTests
{
    private sealed record Policy(string Name, Output<string> Arn, Input<int>? Limit, InputMap<string>? Tags);

    [Fact]
    public async Task Nested_outputs_inputs_and_collections_are_written_as_their_values()
    {
        var source = new TaskCompletionSource<string>();
        var json = Output.JsonSerialize(Output.Create(new Policy(
            "p", Output.Create(source.Task), Output.CreateSecret(3), new InputMap<string> { ["k"] = Output.Format($"v{1}") })));
        Assert.False(json.DataTask.IsCompleted);
        source.SetResult("arn");

        var data = await json.DataTask;
        Assert.Equal("""{"Name":"p","Arn":"arn","Limit":3,"Tags":{"k":"v1"}}""", data.Value);
        Assert.True(data.IsSecret);
    }

    [Fact]
    public async Task An_unknown_part_makes_the_text_unknown_and_leaves_it_secret()
    {
        var data = await Output.JsonSerialize(Output.Create(
            new Policy("p", OutputUtilities.CreateUnknown("x"), Output.CreateSecret(3), null))).DataTask;
        Assert.Equal((false, true, ""), (data.IsKnown, data.IsSecret, data.Value));
    }

    [Fact]
    public async Task Failed_part_fails_the_text()
        => await Assert.ThrowsAsync<TimeoutException>(() => Output.JsonSerialize(Output.Create(
            new Policy("p", Output.Create(Task.FromException<string>(new TimeoutException())), null, null))).DataTask);

    [Fact]
    public async Task Options_of_the_program_are_used()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        var data = await Output.JsonSerialize(Output.Create(new { BigName = Output.Create(1) }), options).DataTask;
        Assert.Equal("""{"bigName":1}""", data.Value);
    }

    [Fact]
    public async Task What_is_read_from_a_secret_is_secret_to_the_last_part()
    {
        var data = await Output.JsonDeserialize<Policy>(
            Output.CreateSecret("""{"Name":"p","Arn":"arn","Limit":3,"Tags":{"k":"v"}}""")).DataTask;

        Assert.True(data.IsSecret);
        Assert.Equal("arn", (await data.Value.Arn.DataTask).Value);
        Assert.True((await data.Value.Arn.DataTask).IsSecret);
        Assert.Equal(3, (await data.Value.Limit.ToOutput().DataTask).Value);
        Assert.Equal("v", (await data.Value.Tags!.ToOutput().DataTask).Value["k"]);
    }

    [Fact]
    public async Task Unknown_text_is_an_unknown_value()
        => Assert.False((await Output.JsonDeserialize<int>(OutputUtilities.CreateUnknown("1")).DataTask).IsKnown);
}
