using System.Collections.Immutable;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Validation;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Session;

/// <summary>
/// Answers ReadResource: existing resources a program looks at. There is no cloud to read from, so the state is what the program said about
/// it and, for the rest, unknown (preview) or made up (simulated).
/// </summary>
internal sealed class Reader(DeploymentContext context, ResourceValidator validator, OutputSynthesizer synthesizer, ActivityMonitor activity)
{
    public ReadResourceResponse Read(ReadResourceRequest request)
    {
        activity.Note($"read of {request.Type} '{request.Name}'");
        var urn = ResourceUrn.Create(context.Request.Stack, context.Request.Project, request.Parent, request.Type, request.Name);
        var what = $"{request.Type} '{request.Name}'";
        context.FindParent(request.Parent, what, urn);
        context.RequireProvider(request.Provider, what, urn);
        var node = new ResourceNode
        {
            Urn = urn,
            Type = request.Type,
            Name = request.Name,
            Parent = request.Parent.Length == 0 ? null : request.Parent,
            IsCustom = true,
            IsRead = true,
            Id = request.Id.Length == 0 || Unknowns.IsSentinel(request.Id) ? null : request.Id,
            Inputs = context.ReadOrRefuse(() => PropertyValueReader.Read(request.Properties), what, urn),
            Dependencies = [.. request.Dependencies.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            // Not that of its parent: the real engine lets only what is registered inherit one.
            Provider = request.Provider.Length == 0 ? null : request.Provider,
            Options = new ResourceNodeOptions
            {
                Version = request.Version.Length == 0 ? null : request.Version,
                PluginDownloadUrl = request.PluginDownloadURL.Length == 0 ? null : request.PluginDownloadURL,
                AdditionalSecretOutputs = [.. request.AdditionalSecretOutputs.Order(StringComparer.Ordinal)],
            },
        };
        node = node with { Outputs = request.Type == TypeToken.StackReference ? StackOutputs(node) : StateOf(node) };

        context.Add(node, request.CalculateSize());
        return new ReadResourceResponse
        {
            Urn = urn,
            Properties = PropertyValueWriter.Write(node.Outputs.Select(
                output => request.AcceptSecrets ? output : KeyValuePair.Create(output.Key, output.Value.WithoutSecrets()))),
        };
    }

    private ImmutableSortedDictionary<string, PropertyValue> StateOf(ResourceNode node)
    {
        var problems = validator.CheckState(node.Type, node.Inputs);
        if (problems.Count == 0)
            return synthesizer.Read(node).Outputs;
        var errors = problems.Select(problem => context.Refuse(Registrar.Describe(node.Type, node.Name, node.Urn, problem))).ToList();
        throw errors[0];
    }

    /// <summary>
    /// Another stack's outputs are in a backend, which this engine does not have. A preview can do with unknown ones; a simulation must not
    /// invent what another team decided.
    /// </summary>
    private ImmutableSortedDictionary<string, PropertyValue> StackOutputs(ResourceNode node)
    {
        var stack = node.Inputs.GetValueOrDefault("name").AsText() ?? node.Id ?? node.Name;
        if (!context.IsPreview)
        {
            throw context.Refuse(new Diagnostic(
                $"the stack reference '{node.Name}' needs the outputs of the stack '{stack}', which only a Pulumi backend has; a preview treats them as unknown, a simulation cannot",
                node.Urn), StatusCode.FailedPrecondition);
        }
        return PropertyMap.Of(
            ("name", new PropertyValue.Text(stack)),
            ("outputs", PropertyValue.Unknown.Instance),
            ("secretOutputNames", PropertyValue.Unknown.Instance)).Entries;
    }
}
