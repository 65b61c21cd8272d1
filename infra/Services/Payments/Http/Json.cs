using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Http;

/// <summary>How requests are read and answers written.</summary>
internal static class Json
{
    private const int LargestBody = 64 << 10;

    /// <summary>Unknown and repeated names are refused: a misspelt limit would be no limit.</summary>
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectRequiredConstructorParameters = false,
        RespectNullableAnnotations = false,
        MaxDepth = 16,
        Converters = { new TextConverter() },
    };

    private static readonly JsonSerializerOptions Writing = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new AmountConverter() },
    };

    /// <exception cref="RefusedException">It is not what the request takes.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "unsupported-type", "Content-Type must be application/json");
        if (context.Request.ContentLength > LargestBody)
            throw new RefusedException(StatusCodes.Status413PayloadTooLarge, "too-large", $"a body has at most {LargestBody} bytes");
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Reading, context.RequestAborted)
                ?? throw new RefusedException(StatusCodes.Status400BadRequest, "bad-json", "write a JSON object");
        }
        catch (JsonException exception)
        {
            // The message of the parser repeats what it read: only the place is told.
            throw new RefusedException(StatusCodes.Status400BadRequest, "bad-json", $"line {exception.LineNumber + 1}, {exception.Path ?? "$"}: it is not the JSON that this request takes, or has an unknown or repeated name; amounts are strings");
        }
    }

    public static string Write(object answer) => JsonSerializer.Serialize(answer, Writing);

    public static Task AnswerAsync(HttpContext context, int status, object answer) => AnswerTextAsync(context, status, Write(answer));

    public static Task AnswerTextAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    public static string? Time(long? milliseconds) => milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>Text that every database keeps: NUL is in none of PostgreSQL's. Halves of a character are refused by the reader.</summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is var text && text?.Contains('\0', StringComparison.Ordinal) is true ? throw new JsonException() : text;

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options)!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => throw new NotSupportedException("for reading only");
    }

    private sealed class AmountConverter : JsonConverter<BigInteger>
    {
        public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("amounts are read as strings and parsed");

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) => writer.WriteStringValue(Amount.Write(value));
    }
}
