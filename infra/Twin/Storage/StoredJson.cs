using System.Text.Encodings.Web;
using System.Text.Json;

namespace HaCluster.Twin.Storage;

/// <summary>How JSON is written: like Go's encoder, without escapes that only HTML needs.</summary>
internal static class StoredJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
