using System.Collections.Immutable;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Invokes;
using HaCluster.Engine.Validation;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Session;

/// <summary>Answers Invoke: functions of providers, and the engine's own lookup of resources by URN.</summary>
internal sealed class Invoker(DeploymentContext context, ResourceValidator validator, FunctionTable functions, ActivityMonitor activity)
{
    private const string GetResource = "pulumi:pulumi:getResource";

    public ResourceInvokeResponse Invoke(ResourceInvokeRequest request)
    {
        activity.Note($"call of {request.Tok}");
        var arguments = context.ReadOrRefuse(() => PropertyValueReader.Read(request.Args), request.Tok);
        // As in the real engine, a parent need not be registered: a call is not part of the graph.
        if (request.Parent.Length > 0 && !ResourceUrn.IsValid(request.Parent))
            throw context.Refuse(new Diagnostic($"{request.Tok} has the parent '{request.Parent}', which is not a URN"));
        context.RequireProvider(request.Provider, request.Tok);
        var result = request.Tok == GetResource ? FindResource(arguments) : Call(request, arguments);
        context.Invokes.Add(new InvokeRecord(request.Tok, arguments, result));
        return new ResourceInvokeResponse { Return = PropertyValueWriter.Write(result) };
    }

    private ImmutableSortedDictionary<string, PropertyValue> Call(
        ResourceInvokeRequest request, ImmutableSortedDictionary<string, PropertyValue> arguments)
    {
        if (functions.Find(request.Tok) is not { } function)
        {
            throw context.Refuse(new Diagnostic(
                $"the embedded engine cannot call {request.Tok}, only {string.Join(", ", functions.Tokens)}{NearestName.Hint(request.Tok, functions.Tokens)}"),
                StatusCode.NotFound);
        }
        if (validator.CheckArguments(request.Tok, arguments) is { Count: > 0 } problems)
        {
            var errors = problems.Select(problem => context.Refuse(
                new Diagnostic($"{request.Tok}: argument '{problem.Path}' {problem.Message}", null, problem.Path))).ToList();
            throw errors[0];
        }
        var provider = request.Provider.Length == 0 ? null : request.Provider;
        try
        {
            return function(arguments, Regions.Of(context, arguments, provider));
        }
        catch (InvokeFailure failure)
        {
            throw context.Refuse(new Diagnostic($"{request.Tok}: {failure.Message}"));
        }
    }

    private ImmutableSortedDictionary<string, PropertyValue> FindResource(ImmutableSortedDictionary<string, PropertyValue> arguments)
    {
        var urn = arguments.GetValueOrDefault("urn").AsText() ?? "";
        var found = context.Resources.Find(urn)
            ?? throw context.Refuse(new Diagnostic($"{GetResource}: no resource has the URN '{urn}'", urn), StatusCode.NotFound);
        return PropertyMap.Of(
            ("urn", new PropertyValue.Text(urn)),
            ("id", found is { IsCustom: true, Id: null } ? PropertyValue.Unknown.Instance : new PropertyValue.Text(found.Id ?? "")),
            ("state", new PropertyValue.Map(found.Outputs))).Entries;
    }
}
