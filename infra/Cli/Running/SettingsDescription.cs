using System.Diagnostics;
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
        var start = new ProcessStartInfo("dotnet", [program, Argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // As a program of an engine it would wait for settings.
        start.Environment.Remove("PULUMI_MONITOR");
        using var process = Process.Start(start) ?? throw new ProgramMissingException($"{program} could not be started");
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 && text.Length > 0
                ? text
                : throw new ProgramMissingException($"{program} does not describe its settings (exit code {process.ExitCode}): {(await error).Trim()}; build it again: dotnet build infra/Stack");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
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
