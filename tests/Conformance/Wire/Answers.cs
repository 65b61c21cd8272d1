using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Wire;

namespace HaCluster.Conformance.Wire;

/// <summary>
/// What the recording peer answers. In an update a resource has its inputs and what was not given; in a preview only its inputs, so that
/// the rest is unknown.
/// </summary>
internal sealed class Answers(bool dryRun)
{
    public const string Stack = "stack";
    public const string Project = "project";

    public IMessage Register(RegisterResourceRequest request)
    {
        if (request.Type == "test:index:Broken")
            throw new RpcException(new Status(StatusCode.Unknown, "the provider refused"));
        var response = new RegisterResourceResponse { Urn = Urn(request.Type, request.Name, request.Parent), Object = new Struct() };
        if (!request.Custom)
            return response;
        response.Id = dryRun ? "" : request.ImportId.Length > 0 ? request.ImportId : $"{request.Name}-id";
        response.Object = request.Object.Clone();
        if (!dryRun)
            AddOutputs(response.Object, request.Name);
        return response;
    }

    public static IMessage Read(ReadResourceRequest request)
    {
        var response = new ReadResourceResponse { Urn = Urn(request.Type, request.Name, request.Parent), Properties = request.Properties.Clone() };
        if (request.Type != "pulumi:pulumi:StackReference")
        {
            AddOutputs(response.Properties, request.Id);
            return response;
        }
        response.Properties.Fields["outputs"] = Value.ForStruct(new Struct
        {
            Fields = { ["plain"] = Value.ForString("from the other stack"), ["hidden"] = Secret("hidden in the other stack") },
        });
        response.Properties.Fields["secretOutputNames"] = Value.ForList(Value.ForString("hidden"));
        return response;
    }

    public static IMessage Invoke(ResourceInvokeRequest request)
    {
        if (request.Args.Fields.ContainsKey("fails"))
            return new ResourceInvokeResponse { Failures = { new CheckFailure { Property = "query", Reason = "refused" } } };
        return new ResourceInvokeResponse
        {
            Return = new Struct
            {
                Fields = { ["answer"] = Value.ForString($"answer to {Text(request.Args.Fields["query"])}"), ["hidden"] = Secret("hidden") },
            },
        };
    }

    private static void AddOutputs(Struct properties, string of)
    {
        properties.Fields["value"] = Value.ForString($"value of {of}");
        properties.Fields["secretValue"] = Secret($"secret of {of}");
        properties.Fields["count"] = Value.ForNumber(3);
        properties.Fields["items"] = Value.ForList(Value.ForString("x"), Value.ForString("y"));
        properties.Fields["tags"] = Value.ForStruct(new Struct { Fields = { ["a"] = Value.ForString("b") } });
    }

    private static Value Secret(string text) => Value.ForStruct(new Struct
    {
        Fields = { [Signatures.Key] = Value.ForString(Signatures.Secret), ["value"] = Value.ForString(text) },
    });

    private static string Text(Value value) =>
        value.KindCase == Value.KindOneofCase.StructValue ? value.StructValue.Fields["value"].StringValue : value.StringValue;

    private static string Urn(string type, string name, string parent)
    {
        var parentType = parent.Length == 0 ? "pulumi:pulumi:Stack" : parent.Split("::")[2];
        var qualified = parentType == "pulumi:pulumi:Stack" ? type : $"{parentType}${type}";
        return $"urn:pulumi:{Stack}::{Project}::{qualified}::{name}";
    }
}
