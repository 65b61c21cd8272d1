using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>A provider.</summary>
internal sealed class Cloud(string name, CustomResourceOptions? options = null, string package = "test")
    : ProviderResource(package, name, ResourceArgs.Empty, options);
