using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HaCluster.Services;

/// <summary>What an operator has to know, one JSON object per line. Contents of records, keys and signed bytes are never given to it.</summary>
/// <param name="subjectName">Member that says what an event is about.</param>
internal sealed class EventLog(TextWriter output, TimeProvider clock, string subjectName)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    /// <param name="subject">Such as a stream or the id of a transfer; empty: the service.</param>
    public void Write(string name, string subject, string message)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("at", clock.GetUtcNow());
            writer.WriteString("event", name);
            if (subject.Length > 0)
                writer.WriteString(subjectName, subject);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        lock (_lock)
            output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
