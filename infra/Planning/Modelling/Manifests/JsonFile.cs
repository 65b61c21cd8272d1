using System.Text.Json;
using HaCluster.Engine.Values;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>Reads a JSON file with one or several consecutive values, as <c>kubectl cluster-info dump</c> prints them.</summary>
internal static class JsonFile
{
    private const int Deepest = 200;

    /// <exception cref="UnreadableInputException">The file cannot be read, or is not valid JSON.</exception>
    public static List<(PropertyValue Value, Origin.File Place)> Read(string path)
    {
        try
        {
            var reader = new Utf8JsonReader(InputFile.Open(path).ToArray(), new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = Deepest });
            var values = new List<(PropertyValue, Origin.File)>();
            while (reader.Read())
            {
                using var document = JsonDocument.ParseValue(ref reader);
                values.Add((JsonValues.Of(document.RootElement), new Origin.File(path, Part: values.Count == 0 ? "" : $" (value {values.Count + 1})")));
            }

            return values;
        }
        catch (JsonException exception)
        {
            throw new UnreadableInputException($"{path}:{exception.LineNumber + 1}: this is not valid JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
