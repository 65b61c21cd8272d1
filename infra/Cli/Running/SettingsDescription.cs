using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Running;

/// <summary>The schema of the settings, read from the program itself, so that this tool never disagrees with the program.</summary>
internal static class SettingsDescription
{
    // The argument of the program for it: HaCluster.Stack.Settings.StackSettings.SchemaArgument.
    private const string Argument = "schema";

    /// <summary>The JSON Schema of a stack file, as text.</summary>
    /// <exception cref="ProgramMissingException">The program is not built, or has no schema.</exception>
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
