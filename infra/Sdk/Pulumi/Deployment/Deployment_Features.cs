using System.Collections.Concurrent;

namespace Pulumi;

public sealed partial class Deployment
{
    private static readonly bool DisableResourceReferences =
        Environment.GetEnvironmentVariable("PULUMI_DISABLE_RESOURCE_REFERENCES") is { } setting
        && (setting == "1" || setting.Equals("TRUE", StringComparison.OrdinalIgnoreCase));

    // One question a feature: the first to need the answer asks, the others wait for it.
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _features = new();

    private Task<bool> SupportsResourceReferencesAsync() => SupportsAsync("resourceReferences");

    private Task<bool> SupportsOutputValuesAsync() => SupportsAsync("outputValues");

    private Task<bool> SupportsAliasSpecsAsync() => SupportsAsync("aliasSpecs");

    private async Task RequireFeatureAsync(string feature, string option)
    {
        if (!await SupportsAsync(feature))
            throw new InvalidOperationException($"The Pulumi CLI does not support the {option} option. Please update the Pulumi CLI.");
    }

    private Task<bool> SupportsAsync(string feature)
        => _features.GetOrAdd(feature, key => new Lazy<Task<bool>>(() => Monitor.SupportsFeatureAsync(key))).Value;
}
