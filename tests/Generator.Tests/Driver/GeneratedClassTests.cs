using System.Reflection;
using HaCluster.Generator.Tests.Shapes;

namespace HaCluster.Generator.Tests.Driver;

/// <summary>What becomes of each feature of a schema.</summary>
public class GeneratedClassTests
{
    private static readonly Assembly Demo = GeneratorRun.On(SampleSchema.Text).Load();

    [Theory]
    [InlineData("Pulumi.Demo.Provider")]
    [InlineData("Pulumi.Demo.ProviderArgs")]
    [InlineData("Pulumi.Demo.Inputs.EndpointArgs")]
    [InlineData("Pulumi.Demo.AutoScaling.Group")]
    [InlineData("Pulumi.Demo.AutoScaling.GroupArgs")]
    [InlineData("Pulumi.Demo.AutoScaling.GroupState")]
    [InlineData("Pulumi.Demo.AutoScaling.Inputs.RuleArgs")]
    [InlineData("Pulumi.Demo.AutoScaling.Inputs.RuleGetArgs")]
    [InlineData("Pulumi.Demo.AutoScaling.Outputs.Rule")]
    [InlineData("Pulumi.Demo.AutoScaling.Tier")]
    [InlineData("Pulumi.Demo.GetThings")]
    [InlineData("Pulumi.Demo.GetThingsArgs")]
    [InlineData("Pulumi.Demo.GetThingsInvokeArgs")]
    [InlineData("Pulumi.Demo.GetThingsResult")]
    [InlineData("Pulumi.Demo.Inputs.FilterArgs")]
    [InlineData("Pulumi.Demo.Inputs.FilterInputArgs")]
    [InlineData("Pulumi.Demo.Outputs.FilterResult")]
    public void EveryThingHasItsClass(string name) => Assert.True(Demo.GetType(name) is { IsPublic: true });

    [Fact]
    public void NothingElseIsPublic()
        => Assert.Equal(17, Demo.GetExportedTypes().Length);

    [Theory]
    [InlineData("GroupArgs", "Default", "Input<string>?")]
    [InlineData("GroupArgs", "NamePrefix", "Input<string>?")]
    [InlineData("GroupArgs", "GroupName", "Input<string>?")]
    [InlineData("GroupArgs", "Size", "InputUnion<int, string>")]
    [InlineData("GroupArgs", "Tier", "InputUnion<string, Pulumi.Demo.AutoScaling.Tier>?")]
    [InlineData("GroupArgs", "Weights", "InputMap<double>")]
    [InlineData("GroupArgs", "Rules", "InputList<Pulumi.Demo.AutoScaling.Inputs.RuleArgs>")]
    [InlineData("GroupArgs", "Script", "Input<AssetOrArchive>?")]
    [InlineData("GroupArgs", "Anything", "Input<object>?")]
    [InlineData("GroupArgs", "Document", "InputJson?")]
    [InlineData("GroupState", "Rules", "InputList<Pulumi.Demo.AutoScaling.Inputs.RuleGetArgs>")]
    [InlineData("Group", "Size", "Output<Union<int, string>>")]
    [InlineData("Group", "Tier", "Output<string?>")]
    [InlineData("Group", "Count", "Output<int?>")]
    [InlineData("Outputs.Rule", "Port", "int")]
    [InlineData("Outputs.Rule", "Protocol", "string?")]
    public void PropertiesHaveTheirType(string type, string member, string expected)
        => Assert.Equal(expected, MemberShapes.TypeOf(Demo.GetType($"Pulumi.Demo.AutoScaling.{type}", throwOnError: true)!, member));

    [Fact]
    public void AMemberOfAnEnumerationGetsAValidName()
    {
        var tier = Demo.GetType("Pulumi.Demo.AutoScaling.Tier")!;

        Assert.Equal(["Basic", "EqualsValue", "Tier_2x_large"], tier.GetProperties().Select(property => property.Name).Order());
    }

    [Fact]
    public void ArgumentsThatAreAllOptionalCanBeLeftOut()
    {
        Assert.True(Demo.GetType("Pulumi.Demo.Provider")!.GetConstructors().Single().GetParameters()[1].HasDefaultValue);
        Assert.False(Demo.GetType("Pulumi.Demo.AutoScaling.Group")!.GetConstructors().Single().GetParameters()[1].HasDefaultValue);
    }

    [Fact]
    public void ADeprecatedPropertyWarnsWhereItIsUsed()
    {
        var run = GeneratorRun.On(SampleSchema.Text, "class User { object? Read(Pulumi.Demo.AutoScaling.Group group) => group.Old; }");

        var warning = Assert.Single(run.Compilation.GetDiagnostics(), diagnostic => diagnostic.Id == "CS0618");
        Assert.Contains("use \"tier\"", warning.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void OneConstructorAndGetAreAllThereIsToMakeAResource()
    {
        var group = Demo.GetType("Pulumi.Demo.AutoScaling.Group")!;

        Assert.Equal(["name", "args", "options"], Assert.Single(group.GetConstructors()).GetParameters().Select(parameter => parameter.Name));
        Assert.Equal(["name", "id", "state", "options"], group.GetMethod("Get")!.GetParameters().Select(parameter => parameter.Name));
    }

    [Fact]
    public void AFileOfAnotherNameIsNotASchema()
        => Assert.Empty(GeneratorRun.On("not json", path: "settings.json").Diagnostics);
}
