using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Validation;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Session;

/// <summary>Answers RegisterResource and RegisterResourceOutputs: the resources a program declares.</summary>
internal sealed class Registrar(DeploymentContext context, ResourceValidator validator, OutputSynthesizer synthesizer, ActivityMonitor activity)
{
    public RegisterResourceResponse Register(RegisterResourceRequest request)
    {
        activity.Note($"registration of {request.Type} '{request.Name}'");
        var urn = ResourceUrn.Create(context.Request.Stack, context.Request.Project, request.Parent, request.Type, request.Name);
        var what = $"{request.Type} '{request.Name}'";
        var parent = context.FindParent(request.Parent, what, urn);
        var inputs = context.ReadOrRefuse(() => PropertyValueReader.Read(request.Object), what, urn);
        var provider = ProviderOf(request, parent, urn);
        var node = new ResourceNode
        {
            Urn = urn,
            Type = request.Type,
            Name = request.Name,
            Parent = request.Parent.Length == 0 ? null : request.Parent,
            IsCustom = request.Custom,
            Inputs = inputs,
            Dependencies = Sorted(request.Dependencies),
            PropertyDependencies = PropertyDependenciesOf(request, inputs),
            Provider = provider,
            Options = context.ReadOrRefuse(() => RequestOptions.Of(request, parent?.Options ?? ResourceNodeOptions.None), what, urn),
        };

        var problems = Check(request, inputs);
        var answer = request.Custom && problems.Count == 0 ? synthesizer.Create(node, request.ImportId) : Synthesis.Nothing;
        node = node with { Id = answer.Id, Outputs = answer.Outputs };
        context.Add(node, request.CalculateSize());
        if (problems.Count > 0)
            return Reject(request, urn, problems);
        return Answer(request, node);
    }

    public Empty RegisterOutputs(RegisterResourceOutputsRequest request)
    {
        activity.Note($"outputs of {request.Urn}");
        var outputs = context.ReadOrRefuse(() => PropertyValueReader.Read(request.Outputs), $"outputs of {request.Urn}", request.Urn);
        if (!context.Resources.TrySetOutputs(request.Urn, outputs))
            throw context.Refuse(new Diagnostic($"outputs were registered for {request.Urn}, but that resource was never registered", request.Urn));
        if (request.Urn == context.StackUrn)
            context.SentStackOutputs = true;
        return new Empty();
    }

    /// <summary>As in the real engine: the request's provider, then a remote component's map, then the parent's provider for the same package.</summary>
    private string? ProviderOf(RegisterResourceRequest request, ResourceNode? parent, string urn)
    {
        var package = TypeToken.Package(request.Type);
        var provider = request.Provider;
        if (provider.Length == 0 && request.Providers.TryGetValue(package, out var mapped))
            provider = mapped;
        if (provider.Length > 0)
        {
            context.RequireProvider(provider, $"{request.Type} '{request.Name}'", urn);
            return provider;
        }
        // Components carry their provider on to their children; a resource takes it only if it is for its own package.
        if (parent?.Provider is { } inherited && (!request.Custom || ResourceUrn.Type(inherited) == TypeToken.ProviderPrefix + package))
            return inherited;
        return null;
    }

    private IReadOnlyList<PropertyProblem> Check(RegisterResourceRequest request, ImmutableSortedDictionary<string, PropertyValue> inputs)
    {
        if (request.Name.Length == 0)
            return [new PropertyProblem("", "it has no name")];
        if (request.Remote)
            return [new PropertyProblem("", "it is a remote component, which needs its own provider; the embedded engine runs no providers")];
        if (request.Transforms.Count > 0)
            return [new PropertyProblem("", "it has resource transforms, which the embedded engine does not call")];
        return request.Custom ? validator.CheckInputs(request.Type, inputs) : [];
    }

    private RegisterResourceResponse Reject(RegisterResourceRequest request, string urn, IReadOnlyList<PropertyProblem> problems)
    {
        var errors = problems.Select(problem => context.Refuse(Describe(request.Type, request.Name, urn, problem))).ToList();
        if (context.Request.ContinueOnError && request.SupportsResultReporting)
            return new RegisterResourceResponse { Urn = urn, Result = Result.Fail };
        throw errors.Count == 1 ? errors[0] : new RpcException(new Status(StatusCode.InvalidArgument, string.Join('\n', errors.Select(error => error.Status.Detail))));
    }

    internal static Diagnostic Describe(string type, string name, string urn, PropertyProblem problem) => problem.Path.Length == 0
        ? new Diagnostic($"{type} '{name}': {problem.Message}", urn)
        : new Diagnostic($"{type} '{name}': property '{problem.Path}' {problem.Message}", urn, problem.Path);

    private static RegisterResourceResponse Answer(RegisterResourceRequest request, ResourceNode node)
    {
        var response = new RegisterResourceResponse { Urn = node.Urn, Id = node.Id ?? "" };
        if (request.Custom)
            response.Object = PropertyValueWriter.Write(Visible(node.Outputs, request.SupportsPartialValues, request.AcceptSecrets));
        return response;
    }

    /// <summary>A runtime that cannot take partly known values gets no property with an unknown in it; it takes what is missing for unknown.</summary>
    private static IEnumerable<KeyValuePair<string, PropertyValue>> Visible(
        ImmutableSortedDictionary<string, PropertyValue> outputs, bool partialValues, bool secrets) =>
        outputs
            .Where(output => partialValues || !output.Value.ContainsUnknowns())
            .Select(output => secrets ? output : KeyValuePair.Create(output.Key, output.Value.WithoutSecrets()));

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependenciesOf(
        RegisterResourceRequest request, ImmutableSortedDictionary<string, PropertyValue> inputs)
    {
        // If a runtime sends no dependencies per property, each property depends on all.
        if (request.PropertyDependencies.Count == 0 && !request.Remote && request.Dependencies.Count > 0)
        {
            var all = Sorted(request.Dependencies);
            return inputs.ToImmutableSortedDictionary(input => input.Key, _ => all, StringComparer.Ordinal);
        }
        return request.PropertyDependencies.ToImmutableSortedDictionary(
            property => property.Key, property => Sorted(property.Value.Urns), StringComparer.Ordinal);
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> urns) => [.. urns.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
