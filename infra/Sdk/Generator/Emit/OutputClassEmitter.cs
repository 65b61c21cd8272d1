using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>One class of what comes back, of a nested type or a function.</summary>
internal sealed class OutputClassEmitter(PackageContext context)
{
    public void Emit(CodeWriter writer, string className, IReadOnlyList<PropertySchema> properties)
    {
        writer.Line();
        writer.Line("[global::Pulumi.OutputType]");
        writer.Open($"public sealed class {className}");
        foreach (var property in properties)
            writer.Obsolete(property).Line($"public readonly {TypeOf(property)} {property.CSharpName};");

        if (properties.Count > 0)
            writer.Line();

        EmitConstructor(writer, className, properties);
        writer.End();
    }

    /// <summary>The type of an output: those of Kubernetes are never nullable, nor are lists.</summary>
    public string TypeOf(PropertySchema property)
    {
        var type = context.Types.Of(property.Type, TypeUse.Output);
        var isNullable = !property.IsRequired && !context.Package.IsKubernetes && property.Type is not PropertyType.Array;
        return isNullable ? $"{type}?" : type;
    }

    private void EmitConstructor(CodeWriter writer, string className, IReadOnlyList<PropertySchema> properties)
    {
        writer.Line("[global::Pulumi.OutputConstructor]");
        writer.Line($"private {className}(");
        for (var i = 0; i < properties.Count; i++)
            writer.Line($"    {TypeOf(properties[i])} {Identifiers.ParameterName(properties[i].Name)}{(i < properties.Count - 1 ? "," : "")}");

        writer.Open(")");
        foreach (var property in properties)
            writer.Line($"this.{property.CSharpName} = {Identifiers.ParameterName(property.Name)};");

        writer.End();
    }
}
