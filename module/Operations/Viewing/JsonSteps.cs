using System.Text.Json;

namespace HaCluster.Operations.Viewing;

/// <summary>Steps through JSON of pods, of which only what is looked for becomes objects.</summary>
internal static class JsonSteps
{
    /// <summary>Goes into the object or array that is the value of the property; false when it is null.</summary>
    public static bool Enter(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw new JsonException("a pod has another shape than Kubernetes documents"),
        };
    }

    /// <summary>To the next property of the object; false at its end.</summary>
    public static bool Next(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>To the next object of the array; false at its end.</summary>
    public static bool Item(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? true : reader.TokenType == JsonTokenType.EndArray ? false : throw new JsonException("a pod has another shape than Kubernetes documents");
    }

    /// <summary>Over the value of the property.</summary>
    public static void Pass(this ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>The value of the property; empty when it is no text.</summary>
    public static string Text(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
    }
}
