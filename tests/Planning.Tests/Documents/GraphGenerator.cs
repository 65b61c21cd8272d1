using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Tests.Documents;

/// <summary>Arbitrary property values and resource graphs, with awkward keys and texts among them.</summary>
public static class GraphGenerator
{
    private static readonly string[] AwkwardTexts =
        ["", "$secret", "$", "$map", "[secret]", "\u0000\u001f", "é😀", "</script>", "line\nline", "4dabf18193072939515e22adb298388d", "NaN"];

    public static Arbitrary<PropertyValue> AnyValue() => Value(4).ToArbitrary();

    public static Arbitrary<ResourceGraph> AnyGraph() => Graph().ToArbitrary();

    private static Gen<string> Text() => Gen.OneOf(Gen.Elements(AwkwardTexts), Gen.Choose(0, 9999).Select(number => $"text {number}"));

    private static Gen<double> Number() => Gen.OneOf(
        Gen.Elements(0, -0.0, 1, -1.5, 1e21, 1e-7, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity),
        Gen.Choose(-100000, 100000).Select(number => (double)number));

    private static Gen<ImmutableSortedDictionary<string, PropertyValue>> Map(int depth) =>
        Text().Zip(Value(depth)).ListOf().Resize(4).Select(entries =>
            entries.DistinctBy(entry => entry.Item1).ToImmutableSortedDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal));

    private static Gen<ImmutableArray<string>> Texts() => Text().ListOf().Resize(3).Select(texts => texts.ToImmutableArray());

    private static Gen<PropertyValue> Value(int depth)
    {
        var leaves = new[]
        {
            Gen.Constant<PropertyValue>(PropertyValue.Null.Instance),
            Gen.Constant<PropertyValue>(PropertyValue.Unknown.Instance),
            Gen.Elements(true, false).Select(value => (PropertyValue)new PropertyValue.Bool(value)),
            Number().Select(value => (PropertyValue)new PropertyValue.Number(value)),
            Text().Select(value => (PropertyValue)new PropertyValue.Text(value)),
            Text().Zip(Gen.Elements(null, "", "id")).Select(pair => (PropertyValue)new PropertyValue.Reference(pair.Item1, pair.Item2)),
            Gen.Elements("path", "text", "uri").Zip(Text()).Select(pair => (PropertyValue)new PropertyValue.Asset(pair.Item1, pair.Item2)),
            Gen.Elements("path", "uri").Zip(Text()).Select(pair => (PropertyValue)new PropertyValue.Archive(pair.Item1, pair.Item2, null)),
        };
        if (depth == 0)
            return Gen.OneOf(leaves);
        return Gen.OneOf(
        [
            .. leaves,
            Value(depth - 1).ListOf().Resize(4).Select(items => (PropertyValue)new PropertyValue.List([.. items])),
            Map(depth - 1).Select(entries => (PropertyValue)new PropertyValue.Map(entries)),
            Value(depth - 1).Select(inner => (PropertyValue)new PropertyValue.Secret(inner)),
            Map(depth - 1).Select(entries => (PropertyValue)new PropertyValue.Archive("assets", null, entries)),
            Value(depth - 1).Zip(Gen.Elements(true, false)).Zip(Texts())
                .Select(parts => (PropertyValue)new PropertyValue.Output(parts.Item1.Item1, parts.Item1.Item2, parts.Item2)),
            Texts().Select(urns => (PropertyValue)new PropertyValue.Output(null, true, urns)),
        ]);
    }

    private static Gen<ResourceNode> Resource() =>
        from identity in Text().Zip(Gen.Elements("aws:ec2/subnet:Subnet", "kubernetes:core/v1:Secret", "a:b:C"))
        from flags in Gen.Elements<bool?>(null, true, false).Zip(Gen.Elements(true, false))
        from inputs in Map(2)
        from outputs in Map(2)
        from texts in Texts().Zip(Texts())
        from optional in Gen.Elements<string?>(null, "", "value")
        select new ResourceNode
        {
            Urn = ResourceUrn.Create("s", "p", null, identity.Item2, identity.Item1),
            Type = identity.Item2,
            Name = identity.Item1,
            Parent = optional,
            IsCustom = flags.Item2,
            IsRead = !flags.Item2,
            Id = optional,
            Inputs = inputs,
            Outputs = outputs,
            Dependencies = texts.Item1,
            PropertyDependencies = inputs.Keys.ToImmutableSortedDictionary(key => key, _ => texts.Item2, StringComparer.Ordinal),
            Provider = optional,
            Options = new ResourceNodeOptions
            {
                Protect = flags.Item1,
                RetainOnDelete = flags.Item1,
                DeleteBeforeReplace = flags.Item1,
                DeletedWith = optional,
                ImportId = optional,
                Version = optional,
                PluginDownloadUrl = optional,
                IgnoreChanges = texts.Item1,
                ReplaceOnChanges = texts.Item2,
                AdditionalSecretOutputs = [.. outputs.Keys.Take(1)],
                Aliases = texts.Item1,
                CustomTimeouts = texts.Item1.Distinct().ToImmutableSortedDictionary(text => text, _ => "5m", StringComparer.Ordinal),
            },
        };

    private static Gen<ResourceGraph> Graph() =>
        from resources in Resource().ListOf().Resize(4)
        from outputs in Map(2)
        from arguments in Map(1)
        from log in Text().Zip(Gen.Elements(Enum.GetValues<LogSeverity>()))
        from mode in Gen.Elements(RunMode.Preview, RunMode.Simulated)
        select new ResourceGraph
        {
            Project = "p",
            Stack = "s",
            Mode = mode,
            // A URN is there once: the engine refuses a second.
            Resources = [.. resources.DistinctBy(resource => resource.Urn)],
            Outputs = outputs,
            Invokes = [new InvokeRecord("aws:index/getAvailabilityZones:getAvailabilityZones", arguments, outputs)],
            Logs = [new LogEntry(log.Item2, log.Item1, null), new LogEntry(log.Item2, "about one", log.Item1)],
        };
}
