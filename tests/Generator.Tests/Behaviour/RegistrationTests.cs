using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Testing;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Generator.Tests.Behaviour;

/// <summary>What the generated classes send when a program uses them.</summary>
public class RegistrationTests
{
    private static readonly TestOptions Options = new() { IsPreview = false };

    [Fact]
    public async Task ConstantsAreSentWithoutBeingAskedFor()
    {
        var mocks = new RecordingMocks();
        await Deployment.TestAsync(mocks, Options, () =>
        {
            _ = new Kubernetes.Core.V1.Namespace("team", new NamespaceArgs { Metadata = new ObjectMetaArgs { Name = "team" } });
            _ = new Kubernetes.Core.V1.ConfigMap("empty");
        });

        Assert.Equal("Namespace", mocks.InputsOf("team")["kind"]);
        Assert.Equal("team", Assert.IsType<ImmutableDictionary<string, object>>(mocks.InputsOf("team")["metadata"])["name"]);
        Assert.Equal(["apiVersion", "kind"], mocks.InputsOf("empty").Keys.Order());
    }

    [Fact]
    public async Task AProviderTakesEverythingThatIsNotTextAsJson()
    {
        var mocks = new RecordingMocks();
        await Deployment.TestAsync(mocks, Options, () =>
        {
            _ = new Aws.Provider("eu", new Aws.ProviderArgs
            {
                Region = "eu-central-1",
                MaxRetries = 7,
                AllowedAccountIds = { "123456789012" },
                DefaultTags = new Aws.Inputs.ProviderDefaultTagsArgs { Tags = { ["team"] = "platform" } },
            });
        });

        var inputs = mocks.InputsOf("eu");
        Assert.Equal("eu-central-1", inputs["region"]);
        Assert.Equal("7", inputs["maxRetries"]);
        Assert.Equal("[\"123456789012\"]", ((string)inputs["allowedAccountIds"]).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("{\"tags\":{\"team\":\"platform\"}}", ((string)inputs["defaultTags"]).Replace(" ", "", StringComparison.Ordinal));
        // The defaults of the official package.
        Assert.Equal("false", inputs["skipCredentialsValidation"]);
        Assert.Equal("true", inputs["skipRegionValidation"]);
    }

    [Fact]
    public async Task SecretInputsAreSecretWithoutBeingAskedFor()
    {
        var secrets = new List<bool>();
        await Deployment.TestAsync(new RecordingMocks(), Options, async () =>
        {
            Output<ImmutableDictionary<string, string>> data = new SecretArgs { StringData = { ["added"] = "later" } }.StringData;
            secrets.Add(await Output.IsSecretAsync(data));
            data = new SecretArgs { StringData = new InputMap<string> { ["set"] = "whole" } }.StringData;
            secrets.Add(await Output.IsSecretAsync(data));
            secrets.Add(await Output.IsSecretAsync((Output<string>)new Aws.ProviderArgs { SecretKey = "key" }.SecretKey!));
            secrets.Add(await Output.IsSecretAsync((Output<string>)new Aws.ProviderArgs { Region = "eu" }.Region!));
        });

        // As officially, entries added to an untouched map do not pass the setter; the secret is then the output's.
        Assert.Equal([false, true, true, false], secrets);
    }

    [Fact]
    public async Task AFunctionSendsOnlyWhatWasGivenAndReadsItsResult()
    {
        var mocks = new RecordingMocks();
        ImmutableArray<string> names = [];
        await Deployment.TestAsync(mocks, Options, async () =>
        {
            var zones = await Aws.GetAvailabilityZones.InvokeAsync(new Aws.GetAvailabilityZonesArgs
            {
                State = "available",
                Filters = { new Aws.Inputs.GetAvailabilityZonesFilterArgs { Name = "opt-in-status", Values = { "opt-in-not-required" } } },
            });
            names = zones.Names;
        });

        Assert.Equal<string>(["eu-central-1a", "eu-central-1b"], names.AsEnumerable());
        Assert.Equal("aws:index/getAvailabilityZones:getAvailabilityZones", mocks.Call!.Token);
        Assert.Equal(["filters", "state"], mocks.Call.Args!.Keys.Order());
    }

    [Fact]
    public async Task AnObjectOfACustomResourceDefinitionIsSentWithItsOwnMembers()
    {
        var mocks = new RecordingMocks();
        var resources = await Deployment.TestAsync(mocks, Options,
            () => { _ = new Kubernetes.ApiExtensions.CustomResource("class", new SnapshotClassArgs { Driver = "ebs.csi.aws.com", Metadata = new ObjectMetaArgs { Name = "ebs" } }); });

        Assert.Equal(["apiVersion", "driver", "kind", "metadata"], mocks.InputsOf("class").Keys.Order());
        Assert.Equal("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", resources.Single(resource => resource is Kubernetes.ApiExtensions.CustomResource).GetResourceType());
    }

    private sealed class SnapshotClassArgs() : Kubernetes.ApiExtensions.CustomResourceArgs("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass")
    {
        [Input("driver", required: true)]
        public Input<string> Driver { get; set; } = null!;
    }
}
