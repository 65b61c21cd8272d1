using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Running;

/// <summary>What can be set, as the program itself says it: this tool never has another idea of it than the program that reads the settings.</summary>
internal static class SettingsDescription
{
    // The program's word for it: HaCluster.Stack.Settings.StackSettings.SchemaArgument.
    private const string Argument = "schema";

    /// <summary>The JSON Schema of a stack file, as text.</summary>
    /// <exception cref="ProgramMissingException">The program is not built, or knows no schema.</exception>
    public static async Task<string> SchemaAsync(string? programPath, CancellationToken cancellationToken)
    {
        var program = ProgramLocation.Find(programPath);
        return await ProgramQuery.AskAsync(program, Argument, new Dictionary<string, string>(), "describe its settings", cancellationToken);
    }

    /// <summary>The same, read.</summary>
    public static async Task<JsonObject> ReadAsync(string? programPath, CancellationToken cancellationToken)
    {
        var text = await SchemaAsync(programPath, cancellationToken);
        try
        {
            return JsonNode.Parse(text)!.AsObject();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProgramMissingException($"the program's description of its settings is not valid JSON: {exception.Message}");
        }
    }
}
