using System.Reflection;
using HaCluster.Generator.Tests.Driver;
using Pulumi;
using Pulumi.Utilities;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Generator.Tests.Behaviour;

/// <summary>The options that a class adds to those of the program.</summary>
public class ResourceOptionsTests
{
    [Theory]
    [InlineData(typeof(Aws.Ec2.Vpc), "7.48.0")]
    [InlineData(typeof(Aws.Provider), "7.48.0")]
    [InlineData(typeof(Kubernetes.Provider), "4.34.2")]
    [InlineData(typeof(Kubernetes.Helm.V3.Release), "4.34.2")]
    public void TheVersionIsTheOneOfTheTypingsUnlessTheProgramSaysOtherwise(Type type, string version)
    {
        Assert.Equal(version, Merge(type, null).Version);
        Assert.Equal("1.0.0", Merge(type, new CustomResourceOptions { Version = "1.0.0" }).Version);
    }

    [Fact]
    public async Task SecretOutputsAndFormerTypesAreKnown()
    {
        var own = new CustomResourceOptions { AdditionalSecretOutputs = { "metadata" }, Protect = true };
        var secret = Merge(typeof(Kubernetes.Core.V1.Secret), own);
        var deployment = Merge(typeof(Kubernetes.Apps.V1.Deployment), null);

        Assert.Equal(["data", "stringData", "metadata"], secret.AdditionalSecretOutputs);
        Assert.True(secret.Protect);
        Assert.Contains("kubernetes:extensions/v1beta1:Deployment", await AliasTypesAsync(deployment));
    }

    [Fact]
    public async Task APropertyThatForcesAReplacementDoes()
    {
        var group = Merge(GeneratorRun.On(SampleSchema.Text).Load().GetType("Pulumi.Demo.AutoScaling.Group", throwOnError: true)!, null);

        Assert.Equal(["group"], group.ReplaceOnChanges);
        Assert.Equal(["secrets"], group.AdditionalSecretOutputs);
        Assert.Equal(["demo:old/group:Group"], await AliasTypesAsync(group));
    }

    private static CustomResourceOptions Merge(Type type, CustomResourceOptions? options)
        => (CustomResourceOptions)type.GetMethod("MakeResourceOptions", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [options, null])!;

    private static async Task<IEnumerable<string?>> AliasTypesAsync(CustomResourceOptions options)
    {
        var aliases = await Task.WhenAll(options.Aliases.Select(alias => OutputUtilities.GetValueAsync((Output<Alias>)alias)));
        return await Task.WhenAll(aliases.Select(alias => OutputUtilities.GetValueAsync((Output<string>)alias.Type!)));
    }
}
