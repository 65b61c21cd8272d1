using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>
/// Gathers what several outputs have in common: known if every one is, secret if any is, depending on the resources of all.
/// </summary>
internal sealed class OutputCombination
{
    private ImmutableHashSet<Resource> _resources = ImmutableHashSet<Resource>.Empty;
    private bool _isKnown = true;
    private bool _isSecret;

    public async ValueTask<T> TakeAsync<T>(Input<T> input)
    {
        Output<T> output = input;
        var data = await output.DataTask;
        _resources = _resources.Union(data.Resources);
        _isKnown &= data.IsKnown;
        _isSecret |= data.IsSecret;
        return data.Value;
    }

    public OutputData<T> With<T>(T value) => new(_resources, value, _isKnown, _isSecret);
}
