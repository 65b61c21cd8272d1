using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Registers a resource, or reads it if its options have an id; the run waits for it.</summary>
    internal void ReadOrRegisterResource(Resource resource, bool remote, ResourceArgs args, ResourceOptions options)
        => Runner.RegisterTask(CompleteResourceAsync(resource, remote, args, options));

    private async Task CompleteResourceAsync(Resource resource, bool remote, ResourceArgs args, ResourceOptions options)
    {
        var sources = resource.CompletionSources;
        try
        {
            var state = await ReadOrRegisterResourceAsync(resource, remote, args, options);
            sources[WireNames.Urn].SetString(state.Urn, isKnown: true);
            if (resource is CustomResource)
                sources[WireNames.Id].SetString(state.Id, isKnown: state.Id != "");
            SetOutputs(resource, state);

            // What the engine did not mention: unknown while nothing has been done, otherwise known not to be there.
            var isKnown = !IsDryRun && state.Result == Result.Success;
            foreach (var source in sources.Values)
                source.TrySetDefault(isKnown);
        }
        catch (Exception e)
        {
            // Nobody must wait for an output that will not come.
            foreach (var source in sources.Values)
                source.TrySetException(e);
            throw;
        }
    }

    // Each output by itself: one unknown or secret must not make the others so.
    private static void SetOutputs(Resource resource, ResourceState state)
    {
        var converter = new Converter(warning => Log.Warn(warning, resource));
        foreach (var (name, source) in resource.CompletionSources)
        {
            if (name is WireNames.Urn or WireNames.Id || !state.Properties.Fields.TryGetValue(name, out var value))
                continue;

            var dependencies = state.Dependencies.GetValueOrDefault(name, ImmutableHashSet<Resource>.Empty);
            source.SetValue(converter.Convert($"{resource.GetType().FullName}.{name}", value, source.TargetType, dependencies));
        }
    }

    private async Task<ResourceState> ReadOrRegisterResourceAsync(
        Resource resource, bool remote, ResourceArgs args, ResourceOptions options)
    {
        if (options.Urn is not null)
            return await GetResourceAsync(options.Urn);

        var id = options.Id is null ? "" : await options.Id.ToOutput().GetValueAsync(whenUnknown: "");
        if (string.IsNullOrEmpty(id))
            return await RegisterResourceAsync(resource, remote, args, options);
        if (resource is not CustomResource)
        {
            throw new ArgumentException(
                $"{nameof(ResourceOptions)}.{nameof(ResourceOptions.Id)} is only valid for a {nameof(CustomResource)}");
        }

        return await ReadResourceAsync(resource, id, args, options);
    }

    private async Task<ResourceState> GetResourceAsync(string urn)
    {
        var args = new DictionaryInvokeArgs(ImmutableDictionary<string, object?>.Empty.Add(WireNames.Urn, urn));
        var result = await InvokeRawAsync("pulumi:pulumi:getResource", args, new InvokeOptions());
        var fields = result.Fields;
        return new ResourceState(
            fields[WireNames.Urn].StringValue, fields[WireNames.Id].StringValue, fields["state"].StructValue ?? new Struct());
    }
}
