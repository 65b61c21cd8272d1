using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>One class of arguments, of a resource, a nested type or a function.</summary>
internal sealed class InputClassEmitter(PackageContext context)
{
    /// <param name="baseClass"><c>ResourceArgs</c> or <c>InvokeArgs</c>.</param>
    /// <param name="isProvider">A provider takes everything that is not text as JSON text.</param>
    public void Emit(CodeWriter writer, string className, string baseClass, IReadOnlyList<PropertySchema> properties, TypeUse use, bool isProvider = false)
    {
        var isSealed = !context.Package.IsKubernetes || isProvider;
        writer.Begin($"public {(isSealed ? "sealed " : "")}class {className} : global::Pulumi.{baseClass}");
        foreach (var property in properties)
        {
            EmitProperty(writer, property, use, isProvider);
            writer.Line();
        }

        writer.Open($"public {className}()");
        foreach (var property in properties)
        {
            if (property.Default is not null)
                writer.Line(property.Default);
        }

        writer.End();
        writer.Line().Line($"public static new {className} Empty => new {className}();");
        writer.End();
    }

    private void EmitProperty(CodeWriter writer, PropertySchema property, TypeUse use, bool isProvider)
    {
        var json = isProvider && property.Type is not PropertyType.Primitive { CSharp: "string" };
        writer.Line($"[Input({CSharpText.Literal(property.Name)}{(property.IsRequired ? ", required: true" : "")}{(json ? ", json: true" : "")})]");
        if (TypeNames.IsCollection(property.Type))
            EmitCollection(writer, property, use);
        else if (property.IsSecret)
            EmitSecret(writer, property, use);
        else
            EmitPlain(writer, property, use);
    }

    private void EmitPlain(CodeWriter writer, PropertySchema property, TypeUse use)
    {
        var needsInitializer = property.IsRequired && !(use == TypeUse.PlainInput && TypeNames.IsValueType(property.Type));
        writer.Obsolete(property);
        writer.Line($"public {context.Types.Of(property.Type, use)}{(property.IsRequired ? "" : "?")} {property.CSharpName} {{ get; set; }}{(needsInitializer ? " = null!;" : "")}");
    }

    // Never null to read, so that a collection initializer can add to it; sent only once it was touched.
    private void EmitCollection(CodeWriter writer, PropertySchema property, TypeUse use)
    {
        var field = Identifiers.FieldName(property.Name);
        var type = use == TypeUse.PlainInput ? context.Types.OfPlainCollection(property.Type) : context.Types.Of(property.Type, use);
        writer.Line($"private {type}? {field};").Line();
        writer.Obsolete(property).Open($"public {type} {property.CSharpName}");
        writer.Line($"get => {field} ??= new {type}();");
        if (property.IsSecret && use != TypeUse.PlainInput)
        {
            var element = context.Types.OfElement(property.Type, use);
            writer.Open("set");
            writer.Line(property.Type is PropertyType.Array
                ? $"var emptySecret = Output.CreateSecret(ImmutableArray.Create<{element}>());"
                : $"var emptySecret = Output.CreateSecret(ImmutableDictionary.Create<string, {element}>());");
            writer.Line($"{field} = Output.All(value, emptySecret).Apply(values => values[0]);");
            writer.End();
        }
        else
        {
            writer.Line($"set => {field} = value;");
        }

        writer.End();
    }

    // Joined with an empty secret, the value becomes one.
    private void EmitSecret(CodeWriter writer, PropertySchema property, TypeUse use)
    {
        if (use == TypeUse.PlainInput)
        {
            EmitPlain(writer, property, use);
            return;
        }

        var field = Identifiers.FieldName(property.Name);
        var type = context.Types.Of(property.Type, use);
        writer.Line($"private {type}? {field};").Line();
        writer.Obsolete(property).Open($"public {type}? {property.CSharpName}");
        writer.Line($"get => {field};");
        writer.Open("set");
        writer.Line("var emptySecret = Output.CreateSecret(0);");
        writer.Line($"{field} = Output.Tuple<{type}?, int>(value, emptySecret).Apply(both => both.Item1);");
        writer.End();
        writer.End();
    }
}
