using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi;
using Pulumi.Serialization;
using Pulumi.Utilities;

namespace HaCluster.Sdk.Tests.Serialization;

/// <summary>What is written, sent and read again is what it was, for values of any shape.</summary>
public sealed class ValueRoundTripTests
{
    /// <summary>A value of a program, and what it must come to: unknown or secret as a whole as soon as one part is.</summary>
    public sealed record Sample(object? Written, object? Read, bool IsKnown, bool IsSecret);

    public static class Samples
    {
        public static Arbitrary<Sample> Any() => Arb.From(OfDepth(4));

        private static Gen<Sample> OfDepth(int depth)
        {
            Gen<Sample>[] leaves =
            [
                Gen.Constant(Plain(null)),
                ArbMap.Default.GeneratorFor<bool>().Select(value => Plain(value)),
                ArbMap.Default.GeneratorFor<int>().Select(value => new Sample(value, (double)value, true, false)),
                ArbMap.Default.GeneratorFor<double>().Select(value => Plain(value)),
                ArbMap.Default.GeneratorFor<string>().Where(value => value is not null && IsText(value)).Select(value => Plain(value)),
            ];
            if (depth == 0)
                return Gen.OneOf(leaves);

            var inner = OfDepth(depth - 1);
            return Gen.OneOf([
                .. leaves,
                inner.ListOf().Select(ListOf),
                Gen.Elements("a", "b", "", "ä", "x.y").Zip(inner).ListOf().Select(MapOf),
                inner.Select(value => value with { Written = Output.Create(value.Written) }),
                inner.Select(value => value with { Written = (Input<object?>)Output.Create(value.Written) }),
                // Within an unknown nothing is written, so nothing of it can be secret.
                inner.Select(value => value with { Written = Output.CreateSecret(value.Written), IsSecret = true }),
                inner.Select(value => new Sample(OutputUtilities.CreateUnknown(value.Written), null, false, false)),
            ]);
        }

        private static Sample Plain(object? value) => new(value, value, true, false);

        // Half a surrogate pair is no text, and cannot be sent.
        private static bool IsText(string value) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(value)) == value;

        private static Sample ListOf(IList<Sample> items) => new(
            items.Select(item => item.Written).ToImmutableArray(),
            items.Select(item => item.Read).ToImmutableArray(),
            items.All(item => item.IsKnown),
            items.Any(item => item.IsSecret));

        private static Sample MapOf(IList<(string Key, Sample Value)> pairs)
        {
            var entries = pairs.DistinctBy(pair => pair.Key).ToList();
            // A null is not written, but an unknown is, and a null that is secret is too.
            var kept = entries.Where(entry => entry.Value.Read is not null || !entry.Value.IsKnown || entry.Value.IsSecret).ToList();
            return new(
                entries.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Written),
                kept.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Read),
                entries.All(entry => entry.Value.IsKnown),
                entries.Any(entry => entry.Value.IsSecret));
        }
    }

    [Property(Arbitrary = [typeof(Samples)], MaxTest = 500)]
    public async Task What_is_sent_is_what_is_read(Sample sample)
    {
        var value = await new Serializer(keepResources: true).SerializeAsync(new PropertyPath("value"), sample.Written);
        var read = Deserializer.Deserialize((Value)MessageMarshaller.Parse(Value.Parser, value.ToByteArray()));

        Assert.Equal(sample.IsKnown, read.IsKnown);
        Assert.Equal(sample.IsSecret, read.IsSecret);
        AssertSame(sample.Read, read.Value);
    }

    [Property(Arbitrary = [typeof(Samples)], MaxTest = 200)]
    public async Task Output_values_keep_secrecy_and_unknowns_of_each_part(Sample sample)
    {
        var output = Output.CreateSecret(Output.Create(sample.Written));
        var value = await new Serializer(keepResources: true, keepOutputValues: true).SerializeAsync(new PropertyPath("value"), output);
        var read = await ((IOutput)Deserializer.Deserialize(value).Value!).GetDataAsync();

        Assert.True(read.IsSecret);
        if (sample.IsKnown)
            AssertSame(sample.Read, read.Value);
    }

    [Theory]
    [InlineData(900)]
    public async Task Nesting_far_beyond_the_limit_of_protobuf_survives(int depth)
    {
        object? nested = "core";
        for (var i = 0; i < depth; i++)
            nested = i % 2 == 0 ? ImmutableArray.Create(nested) : ImmutableDictionary<string, object?>.Empty.Add("k", nested);

        var value = await new Serializer(keepResources: true).SerializeAsync(new PropertyPath("value"), nested);
        var read = Deserializer.Deserialize((Value)MessageMarshaller.Parse(Value.Parser, value.ToByteArray())).Value;
        for (var i = 0; i < depth; i++)
            read = read is ImmutableArray<object?> list ? list[0] : ((ImmutableDictionary<string, object?>)read!)["k"];
        Assert.Equal("core", read);
    }

    private static void AssertSame(object? expected, object? actual)
    {
        switch (expected)
        {
            case ImmutableArray<object?> list:
                var actualList = Assert.IsType<ImmutableArray<object?>>(actual);
                Assert.Equal(list.Length, actualList.Length);
                for (var i = 0; i < list.Length; i++)
                    AssertSame(list[i], actualList[i]);
                break;
            case ImmutableDictionary<string, object?> map:
                var actualMap = Assert.IsType<ImmutableDictionary<string, object?>>(actual);
                Assert.Equal(map.Keys.Order(StringComparer.Ordinal), actualMap.Keys.Order(StringComparer.Ordinal));
                foreach (var (key, item) in map)
                    AssertSame(item, actualMap[key]);
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }
}
