using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>The nested types of one module, one file for each side.</summary>
/// <param name="resources">
/// Tokens of Kubernetes resources: their arguments have the name and place of the nested type of the same token, and come first.
/// </param>
internal sealed class NestedTypesEmitter(PackageContext context, HashSet<string> resources)
{
    private readonly InputClassEmitter _inputs = new(context);
    private readonly OutputClassEmitter _outputs = new(context);

    public CodeWriter EmitInputs(string ns, IEnumerable<ObjectSchema> types)
    {
        var writer = new CodeWriter();
        writer.Begin($"namespace {ns}");
        foreach (var type in types)
        {
            var written = new HashSet<string>();
            if (!resources.Contains(type.Token))
                EmitInput(writer, type, TypeUse.Input, "ResourceArgs", written);

            EmitInput(writer, type, TypeUse.State, "ResourceArgs", written);
            EmitInput(writer, type, TypeUse.PlainInput, "InvokeArgs", written);
            EmitInput(writer, type, TypeUse.FunctionInput, "ResourceArgs", written);
        }

        return writer.End();
    }

    public CodeWriter EmitOutputs(string ns, IEnumerable<ObjectSchema> types)
    {
        var writer = new CodeWriter();
        writer.Begin($"namespace {ns}");
        foreach (var type in types)
        {
            if (context.Uses.Has(type.Token, TypeUse.Output))
                _outputs.Emit(writer, context.Types.ClassName(new Token(type.Token), TypeUse.Output), type.Properties);
        }

        return writer.End();
    }

    private void EmitInput(CodeWriter writer, ObjectSchema type, TypeUse use, string baseClass, HashSet<string> written)
    {
        var className = context.Types.ClassName(new Token(type.Token), use);
        if (context.Uses.Has(type.Token, use) && written.Add(className))
            _inputs.Emit(writer, className, baseClass, type.Properties, use);
    }
}
