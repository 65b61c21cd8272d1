using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>A function: called with plain values, or with inputs and giving an output.</summary>
internal static class FunctionEmitter
{
    public static CodeWriter Emit(PackageContext context, FunctionSchema function)
    {
        var token = new Token(function.Token);
        var name = token.Name;
        var writer = new CodeWriter();
        writer.Begin($"namespace {context.Namespaces.Of(token)}");
        writer.Open($"public static class {name}");
        EmitMethods(writer, function, name);
        writer.End();

        var inputs = new InputClassEmitter(context);
        if (function.Inputs.Count > 0)
        {
            inputs.Emit(writer, $"{name}Args", "InvokeArgs", function.Inputs, TypeUse.PlainInput);
            inputs.Emit(writer, $"{name}InvokeArgs", "InvokeArgs", function.Inputs, TypeUse.FunctionInput);
        }

        new OutputClassEmitter(context).Emit(writer, $"{name}Result", function.Outputs);
        return writer.End();
    }

    private static void EmitMethods(CodeWriter writer, FunctionSchema function, string name)
    {
        var hasInputs = function.Inputs.Count > 0;
        var isOptional = !function.Inputs.Any(property => property.IsRequired);

        string Parameter(string type, bool mayDefault) => (hasInputs, isOptional && mayDefault) switch
        {
            (false, _) => "",
            (true, true) => $"{type}? args = null, ",
            (true, false) => $"{type} args, ",
        };
        string Argument(string type) => hasInputs ? $"args ?? new {type}()" : "global::Pulumi.InvokeArgs.Empty";
        void Method(string heading, string method, string argument)
        {
            writer.Line(heading);
            writer.Line($"    => global::Pulumi.Deployment.Instance.{method}<{name}Result>({CSharpText.Literal(function.Token)}, {argument}, options.WithDefaults());");
        }

        Method($"public static Task<{name}Result> InvokeAsync({Parameter($"{name}Args", mayDefault: true)}InvokeOptions? options = null)", "InvokeAsync", Argument($"{name}Args"));
        writer.Line();
        Method($"public static Output<{name}Result> Invoke({Parameter($"{name}InvokeArgs", mayDefault: true)}InvokeOptions? options = null)", "Invoke", Argument($"{name}InvokeArgs"));
        writer.Line();
        // The arguments are not optional here: a call without any would fit both.
        Method($"public static Output<{name}Result> Invoke({Parameter($"{name}InvokeArgs", mayDefault: false)}InvokeOutputOptions options)", "Invoke", Argument($"{name}InvokeArgs"));
    }
}
