using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    internal Output<T> Invoke<T>(string token, InvokeArgs? args, InvokeOptions? options)
        => new(InvokeWhenReadyAsync<T>(token, args, options));

    internal Output<T> InvokeSingle<T>(string token, InvokeArgs? args, InvokeOptions? options)
        => Invoke<ImmutableDictionary<string, T>>(token, args, options).Apply(result => result.Values.First());

    internal async Task<T> InvokeAsync<T>(string token, InvokeArgs? args, InvokeOptions? options)
        => Convert<T>(token, await InvokeRawAsync(token, args, options)).Value;

    internal async Task<T> InvokeSingleAsync<T>(string token, InvokeArgs? args, InvokeOptions? options)
        => (await InvokeAsync<ImmutableDictionary<string, T>>(token, args, options)).Values.First();

    internal Task InvokeAsync(string token, InvokeArgs? args, InvokeOptions? options) => InvokeRawAsync(token, args, options);

    private async Task<OutputData<T>> InvokeWhenReadyAsync<T>(string token, InvokeArgs? args, InvokeOptions? options)
    {
        var unknown = OutputData<T>.Known(default!) with { IsKnown = false };
        var arguments = await SerializeArgumentsAsync(token, args);
        if (ContainsUnknown(Value.ForStruct(arguments.Values)))
            return unknown;

        var explicitDependencies = options is InvokeOutputOptions output
            ? await output.DependsOn.ToOutput().GetValueAsync(whenUnknown: [])
            : [];
        var argumentDependencies = arguments.Dependencies.Values.SelectMany(resources => resources).ToHashSet();

        // As in the official SDK, secret arguments do not make the result secret; the result itself marks its secrets.
        foreach (var resource in DependencyUrns.Expand(argumentDependencies.Concat(explicitDependencies)))
        {
            if (resource is CustomResource { Id: { } id } && !(await id.DataTask).IsKnown)
                return unknown;
        }

        var response = await InvokeRawAsync(token, arguments.Values, options);
        var result = Convert<T>(token, response);
        return result with { Resources = result.Resources.Union(argumentDependencies).Union(explicitDependencies) };
    }

    private async Task<Struct> InvokeRawAsync(string token, InvokeArgs? args, InvokeOptions? options)
        => await InvokeRawAsync(token, (await SerializeArgumentsAsync(token, args)).Values, options);

    private async Task<Struct> InvokeRawAsync(string token, Struct args, InvokeOptions? options)
    {
        var provider = options?.Provider ?? options?.Parent?.GetProvider(token);
        var response = await Monitor.InvokeAsync(new ResourceInvokeRequest
        {
            Tok = token,
            Args = args,
            Provider = provider is null ? "" : await provider.GetReferenceAsync(),
            Version = options?.Version ?? "",
            PluginDownloadURL = options?.PluginDownloadURL ?? "",
            AcceptResources = !DisableResourceReferences,
        });

        return response.Failures.Count == 0
            ? response.Return ?? new Struct()
            : throw new InvokeException(token, response.Failures);
    }

    private async Task<SerializedProperties> SerializeArgumentsAsync(string token, InvokeArgs? args)
        => await SerializePropertiesAsync(
            new PropertyPath($"invoke:{token}"), (args ?? InvokeArgs.Empty).ToDictionary(), await SupportsResourceReferencesAsync());

    private static OutputData<T> Convert<T>(string token, Struct result)
        => new Converter(warning => Log.Warn(warning)).Convert<T>($"{token} result", Value.ForStruct(result));

    private static bool ContainsUnknown(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue == UnknownSentinels.String,
        Value.KindOneofCase.ListValue => value.ListValue.Values.Any(ContainsUnknown),
        Value.KindOneofCase.StructValue => value.StructValue.Fields.Values.Any(ContainsUnknown),
        _ => false,
    };

    private sealed class InvokeException(string token, IEnumerable<CheckFailure> failures)
        : Exception(
            $"Invoke of '{token}' failed: {string.Join("; ", failures.Select(failure => $"{failure.Reason} ({failure.Property})"))}");
}
