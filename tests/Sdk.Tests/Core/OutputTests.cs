using System.Collections.Immutable;
using FsCheck.Xunit;
using Pulumi;
using Pulumi.Serialization;
using Pulumi.Utilities;

namespace HaCluster.Sdk.Tests.Core;

public sealed class OutputTests
{
    private static readonly Resource First = new DependencyResource("urn:pulumi:stack::project::a:b:C::first");
    private static readonly Resource Second = new DependencyResource("urn:pulumi:stack::project::a:b:C::second");

    private static Output<T> Make<T>(T value, bool isKnown, bool isSecret, Resource resource, bool isLate = false)
    {
        var data = new OutputData<T>(ImmutableHashSet.Create(resource), value, isKnown, isSecret);
        return new Output<T>(isLate ? LaterAsync(data) : Task.FromResult(data));
    }

    private static async Task<OutputData<T>> LaterAsync<T>(OutputData<T> data)
    {
        await Task.Delay(1);
        return data;
    }

    [Property]
    public async Task Apply_of_output_unites_secrecy_and_dependencies_and_never_runs_on_unknown(
        bool known1, bool secret1, bool late1, bool known2, bool secret2, bool late2)
    {
        var wasRun = false;
        var result = await Make(1, known1, secret1, First, late1).Apply(value =>
        {
            wasRun = true;
            return Make(value + 1, known2, secret2, Second, late2);
        }).DataTask;

        Assert.Equal(known1, wasRun);
        Assert.Equal(known1 && known2, result.IsKnown);
        // Of what did not run nothing can be known, not even that it is a secret.
        Assert.Equal(secret1 || (known1 && secret2), result.IsSecret);
        Assert.Equal(known1 ? [First, Second] : [First], result.Resources);
        if (result.IsKnown)
            Assert.Equal(2, result.Value);
    }

    [Property]
    public async Task All_combinators_are_known_if_every_part_is_and_secret_if_any_is(
        bool known1, bool secret1, bool late1, bool known2, bool secret2, bool late2)
    {
        Output<int> one = Make(1, known1, secret1, First, late1);
        Output<int> two = Make(2, known2, secret2, Second, late2);

        await CheckAsync(Output.All(one, two), data => Assert.Equal([1, 2], data.ToArray()));
        await CheckAsync(Output.All((Input<int>[])[one, two]), data => Assert.Equal([1, 2], data.ToArray()));
        await CheckAsync(Output.Tuple(one, two), data => Assert.Equal((1, 2), data));
        await CheckAsync(Output.Tuple((Input<int>)one, (Input<int>)two), data => Assert.Equal((1, 2), data));
        await CheckAsync(
            Output.Tuple(one, two, one, two, one, two, one, two), data => Assert.Equal((1, 2, 1, 2, 1, 2, 1, 2), data));
        await CheckAsync(Output.Format($"{one}-{two:00}-{"x"}"), data => Assert.Equal("1-02-x", data));
        await CheckAsync(((InputList<int>)one).Concat(two).ToOutput(), data => Assert.Equal([1, 2], data.ToArray()));
        await CheckAsync(new InputMap<int> { ["a"] = one, ["b"] = two }.ToOutput(), data => Assert.Equal((1, 2), (data["a"], data["b"])));
        await CheckAsync(
            Output.JsonSerialize(Output.Create(new { a = one, b = new InputList<int> { two } })),
            data => Assert.Equal("""{"a":1,"b":[2]}""", data));

        async Task CheckAsync<T>(Output<T> output, Action<T> check)
        {
            var data = await output.DataTask;
            Assert.Equal(known1 && known2, data.IsKnown);
            Assert.Equal(secret1 || secret2, data.IsSecret);
            Assert.Equal([First, Second], data.Resources);
            if (data.IsKnown)
                check(data.Value);
        }
    }

    [Property]
    public async Task Secret_and_unsecret_change_nothing_but_secrecy(bool isKnown, bool isSecret)
    {
        var output = Make(1, isKnown, isSecret, First);
        var expected = await output.DataTask;

        Assert.Equal(expected with { IsSecret = true }, await Output.CreateSecret(output).DataTask);
        Assert.Equal(expected with { IsSecret = false }, await Output.Unsecret(output).DataTask);
        Assert.Equal(isSecret, await Output.IsSecretAsync(output));
    }

    [Fact]
    public async Task Every_overload_of_apply_gives_the_value()
    {
        var output = Output.Create(2);
        Assert.Equal(4, await Value(output.Apply(v => v * 2)));
        Assert.Equal(4, await Value(output.Apply(v => Task.FromResult(v * 2))));
        Assert.Equal(4, await Value(output.Apply(v => Output.Create(v * 2))));
        Assert.Equal(4, await Value(output.Apply(v => (Input<int>)(v * 2))));
        Assert.Equal(default, await Value(output.Apply((Func<int, Task>)(v => Task.Delay(v)))));
        Assert.Equal(4, await Value(((Input<int>)output).Apply(v => v * 2)));
        Assert.Equal(0, await Value(((Input<int>?)null).ToOutput()));
    }

    [Fact]
    public async Task Apply_that_returns_null_gives_the_default_and_keeps_secrecy()
    {
        var data = await Output.CreateSecret(1).Apply(_ => (Output<string>?)null).DataTask;
        Assert.Equal((null, true, true), (data.Value, data.IsKnown, data.IsSecret));
    }

    [Fact]
    public async Task Tuples_of_every_length_keep_their_order()
    {
        Output<int> a = Output.Create(1), b = Output.Create(2), c = Output.Create(3), d = Output.Create(4);
        Output<string> e = Output.Create("5"), f = Output.Create("6"), g = Output.Create("7");
        Assert.Equal((1, 2, 3), await Value(Output.Tuple(a, b, c)));
        Assert.Equal((1, 2, 3, 4), await Value(Output.Tuple(a, b, c, d)));
        Assert.Equal((1, 2, 3, 4, "5"), await Value(Output.Tuple(a, b, c, d, e)));
        Assert.Equal((1, 2, 3, 4, "5", "6"), await Value(Output.Tuple(a, b, c, d, e, f)));
        Assert.Equal((1, 2, 3, 4, "5", "6", "7"), await Value(Output.Tuple(a, b, c, d, e, f, g)));
    }

    [Fact]
    public async Task Format_uses_the_invariant_culture_and_waits_for_lists_of_inputs()
        => Assert.Equal("1.5 of 2", await Value(Output.Format($"{1.5} of {Output.Create(2)}")));

    [Fact]
    public async Task Factory_of_an_unknown_output_does_not_run()
    {
        var output = OutputUtilities.CreateUnknown<int>(() => throw new InvalidOperationException("ran"));
        Assert.False(await OutputUtilities.GetIsKnownAsync(output));
        Assert.Equal(7, (await OutputUtilities.CreateUnknown(7).DataTask).Value);
        Assert.Equal(0, await OutputUtilities.GetValueAsync(OutputUtilities.CreateUnknown(7)));
    }

    [Fact]
    public async Task Dependency_can_be_added()
        => Assert.Equal(
            [First, Second],
            await OutputUtilities.GetDependenciesAsync(OutputUtilities.WithDependency(Make(1, true, false, First), Second)));

    [Fact]
    public async Task Deferred_output_is_what_it_is_resolved_to_and_only_once()
    {
        var deferred = new DeferredOutput<int>();
        var doubled = deferred.Output.Apply(v => v * 2);
        deferred.Resolve(Make(4, true, true, First));

        var data = await doubled.DataTask;
        Assert.Equal((8, true), (data.Value, data.IsSecret));
        Assert.Equal([First], data.Resources);
        Assert.Throws<InvalidOperationException>(() => deferred.Resolve(Output.Create(5)));
    }

    [Fact]
    public async Task Exception_in_apply_comes_out_of_the_output()
        => await Assert.ThrowsAsync<InvalidOperationException>(
            () => Value(Output.Create(1).Apply(Fail).Apply(v => v)));

    private static int Fail(int value) => throw new InvalidOperationException($"boom {value}");

    [Fact]
    public async Task Extensions_look_into_lists_and_unions()
    {
        var list = Output.Create(ImmutableArray.Create(3, 4));
        Assert.Equal(3, await Value(list.First()));
        Assert.Equal(4, await Value(list.GetAt(1)));
        Assert.Equal(2, await Value(list.Length()));

        var union = Output.Create(Union<int, string>.FromT1("x"));
        Assert.True(await Value(union.IsT1()));
        Assert.False(await Value(union.IsT0()));
        Assert.Equal("x", await Value(union.AsT1()));
        Assert.Equal("x", await Value(union.Value()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Value(union.AsT0()));
    }

    private static Task<T> Value<T>(Output<T> output) => output.GetValueAsync(whenUnknown: default!);
}
