using HaCluster.Sdk.Generator.Naming;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>What the other classes of the package share: the version on every request, defaults from the environment.</summary>
internal static class UtilitiesEmitter
{
    public static CodeWriter Emit(PackageContext context)
    {
        var writer = new CodeWriter();
        writer.Begin($"namespace {context.Namespaces.Root}");
        EmitUtilities(writer, context.Package.Version);
        writer.Begin($"internal sealed class {context.Namespaces.PackageName}ResourceTypeAttribute(string type) : global::Pulumi.ResourceTypeAttribute(type, Utilities.Version)").End();
        return writer.End();
    }

    private static void EmitUtilities(CodeWriter writer, string version)
    {
        writer.Open("internal static class Utilities");
        writer.Line($"public const string Version = {CSharpText.Literal(version)};");

        EmitWithDefaults(writer, "InvokeOptions");
        EmitWithDefaults(writer, "InvokeOutputOptions");

        writer.Begin("public static string? GetEnv(params string[] names)");
        writer.Open("foreach (var name in names)");
        writer.Open("if (global::System.Environment.GetEnvironmentVariable(name) is { } value)").Line("return value;").End();
        writer.End().Line().Line("return null;").End();

        writer.Begin("public static bool? GetEnvBoolean(params string[] names) => GetEnv(names) switch");
        writer.Line("\"1\" or \"t\" or \"T\" or \"true\" or \"TRUE\" or \"True\" => true,");
        writer.Line("\"0\" or \"f\" or \"F\" or \"false\" or \"FALSE\" or \"False\" => false,");
        writer.Line("_ => null,");
        writer.End("};");

        writer.Line().Line("public static int? GetEnvInt32(params string[] names)");
        writer.Line("    => int.TryParse(GetEnv(names), global::System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;");
        writer.Line().Line("public static double? GetEnvDouble(params string[] names)");
        writer.Line("    => double.TryParse(GetEnv(names), global::System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;");
        writer.End();
    }

    private static void EmitWithDefaults(CodeWriter writer, string options)
    {
        writer.Begin($"public static global::Pulumi.{options} WithDefaults(this global::Pulumi.{options}? options)");
        writer.Line($"options ??= new global::Pulumi.{options}();");
        writer.Line("options.Version ??= Version;");
        writer.Line("return options;");
        writer.End();
    }
}
