using HaCluster.Sdk.Generator.Json;
using HaCluster.Sdk.Generator.Naming;

namespace HaCluster.Sdk.Generator.Schema;

/// <summary>What an argument starts with: environment variables first, then a constant.</summary>
internal static class DefaultValues
{
    /// <returns>A C# statement, or null if there is no default.</returns>
    public static string? Statement(string property, PropertyType type, JsonValue? defaultInfo, string? constant)
    {
        var variables = defaultInfo?.Find("environment")?.Items ?? [];
        if (variables.Count == 0)
            return constant is null ? null : $"{property} = {constant};";

        var reader = (type as PropertyType.Primitive)?.CSharp switch
        {
            "bool" => "GetEnvBoolean",
            "int" => "GetEnvInt32",
            "double" => "GetEnvDouble",
            _ => "GetEnv",
        };
        var call = $"Utilities.{reader}({string.Join(", ", variables.Select(variable => CSharpText.Literal(variable.Text)))})";
        return constant is null ? $"if ({call} is {{ }} value{property}) {property} = value{property};" : $"{property} = {call} ?? {constant};";
    }
}
