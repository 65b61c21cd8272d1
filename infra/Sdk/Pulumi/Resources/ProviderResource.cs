using HaCluster.Wire;

namespace Pulumi;

/// <summary>A configured instance of a provider.</summary>
public class ProviderResource : CustomResource
{
    private Task<string>? _reference;

    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null)
        : this(package, name, args, options, dependency: false)
    {
    }

    private protected ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options, bool dependency)
        : base($"pulumi:providers:{package}", name, args, options, dependency)
        => Package = package;

    internal string Package { get; }

    /// <summary>What requests name the provider by: <c>urn::id</c>, the id being the unknown sentinel before it exists.</summary>
    internal Task<string> GetReferenceAsync() => _reference ??= ResolveReferenceAsync();

    private async Task<string> ResolveReferenceAsync()
    {
        var urn = await Urn.GetValueAsync(whenUnknown: "");
        var id = await Id.GetValueAsync(whenUnknown: "");
        return $"{urn}::{(string.IsNullOrEmpty(id) ? UnknownSentinels.String : id)}";
    }
}
