using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Syslog;

/// <summary>A message as RFC 5424 has it (https://www.rfc-editor.org/rfc/rfc5424#section-6).</summary>
/// <param name="Timestamp">As it was sent; null: none.</param>
/// <param name="Id">That the sender gave it in structured data; null: none.</param>
/// <param name="IsNumbered">Whether it has a number of its own, so that the same bytes are the same message.</param>
/// <param name="Data">The record, as canonical JSON.</param>
internal sealed partial record SyslogMessage(string? Timestamp, string? Id, bool IsNumbered, byte[] Data)
{
    /// <summary>Its parameter <c>id</c> is the id of the record. 32473 is the enterprise number for documentation (https://www.rfc-editor.org/rfc/rfc5612), and stands for nobody's.</summary>
    public const string IdElement = "ledger@32473";

    private static readonly string[] Fields = ["timestamp", "hostname", "app", "procid", "msgid"];
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <exception cref="SyslogException">It is not such a message.</exception>
    public static SyslogMessage Parse(ReadOnlySpan<byte> message)
    {
        var rest = message;
        var priority = Priority(ref rest);
        if (!rest.StartsWith("1 "u8))
            throw Invalid("the version after the priority is not 1; send RFC 5424 (in rsyslog template=\"RSYSLOG_SyslogProtocol23Format\")");
        rest = rest[2..];
        var timestamp = Field(ref rest, "timestamp");
        if (timestamp is not null && (!Time().IsMatch(timestamp) || !DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
            throw Invalid("the timestamp is not an RFC 3339 time with up to 6 digits of a second");
        string?[] header = [Field(ref rest, "hostname"), Field(ref rest, "app-name"), Field(ref rest, "procid"), Field(ref rest, "msgid")];
        var elements = Elements(ref rest);
        if (rest.Length > 0 && rest[0] != ' ')
            throw Invalid("after the structured data there is no space");
        var text = rest.Length > 0 ? rest[1..] : default;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        return new SyslogMessage(timestamp, ValueOf(elements, IdElement, "id"), ValueOf(elements, "meta", "sequenceId") is not null, Write(priority, timestamp, header, elements, text));
    }

    private static byte[] Write(int priority, string? timestamp, string?[] header, List<Element> elements, ReadOnlySpan<byte> text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("pri", priority);
            writer.WriteNumber("facility", priority / 8);
            writer.WriteNumber("severity", priority % 8);
            foreach (var (name, value) in Fields.Zip([timestamp, .. header]))
            {
                if (value is not null)
                    writer.WriteString(name, value);
            }

            if (elements.Count > 0)
                WriteElements(writer, elements);
            // Not every program writes UTF-8; what it wrote is kept all the same.
            if (Utf8.IsValid(text))
                writer.WriteString("message", text);
            else
                writer.WriteBase64String("messageBase64", text);
            writer.WriteEndObject();
        }

        return CanonicalJson.Of(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteElements(Utf8JsonWriter writer, List<Element> elements)
    {
        writer.WriteStartObject("structuredData");
        foreach (var element in elements)
        {
            writer.WriteStartObject(element.Id);
            foreach (var values in element.Parameters.GroupBy(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal))
            {
                // A name may come again (RFC 5424, 6.3.3).
                if (values.Skip(1).Any())
                {
                    writer.WriteStartArray(values.Key);
                    foreach (var value in values)
                        writer.WriteStringValue(value);
                    writer.WriteEndArray();
                }
                else
                {
                    writer.WriteString(values.Key, values.First());
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static int Priority(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'>');
        if (end is < 2 or > 4 || rest[0] != '<' || (rest[1] == '0' && end > 2))
            throw Invalid("it does not begin with a priority such as <134>");
        var priority = 0;
        foreach (var digit in rest[1..end])
            priority = digit is >= (byte)'0' and <= (byte)'9' ? 10 * priority + digit - '0' : throw Invalid("the priority is not a number");
        rest = rest[(end + 1)..];
        return priority <= 191 ? priority : throw Invalid("the priority is above 191");
    }

    private static string? Field(ref ReadOnlySpan<byte> rest, string name)
    {
        var end = rest.IndexOf((byte)' ');
        if (end < 1)
            throw Invalid($"{name} is missing; send RFC 5424 (in rsyslog template=\"RSYSLOG_SyslogProtocol23Format\")");
        var value = rest[..end];
        if (value.ContainsAnyExceptInRange((byte)33, (byte)126))
            throw Invalid($"{name} has other characters than printable ASCII");
        rest = rest[(end + 1)..];
        return value.SequenceEqual("-"u8) ? null : Encoding.ASCII.GetString(value);
    }

    private static List<Element> Elements(ref ReadOnlySpan<byte> rest)
    {
        var elements = new List<Element>();
        if (rest.StartsWith("-"u8))
        {
            rest = rest[1..];
            return elements;
        }

        while (rest.StartsWith("["u8))
        {
            rest = rest[1..];
            var id = Name(ref rest);
            if (elements.Exists(element => element.Id == id))
                throw Invalid("structured data has an element twice");
            var parameters = new List<(string, string)>();
            while (rest.StartsWith(" "u8))
            {
                rest = rest[1..];
                var name = Name(ref rest);
                if (!rest.StartsWith("=\""u8))
                    throw Invalid("a parameter of structured data has no value in quotation marks");
                rest = rest[2..];
                parameters.Add((name, Value(ref rest)));
            }

            if (!rest.StartsWith("]"u8))
                throw Invalid("an element of structured data is not closed");
            rest = rest[1..];
            elements.Add(new Element(id, parameters));
        }

        return elements.Count > 0 ? elements : throw Invalid("structured data is missing; - stands for none");
    }

    private static string Name(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny("= ]\""u8);
        if (end is < 1 or > 32 || rest[..end].ContainsAnyExceptInRange((byte)33, (byte)126))
            throw Invalid("a name in structured data does not have 1 to 32 printable ASCII characters");
        var name = Encoding.ASCII.GetString(rest[..end]);
        rest = rest[end..];
        return name;
    }

    private static string Value(ref ReadOnlySpan<byte> rest)
    {
        var value = new List<byte>();
        for (var index = 0; index < rest.Length; index++)
        {
            switch (rest[index])
            {
                // Other characters after it stay as they are, with the backslash (RFC 5424, 6.3.3).
                case (byte)'\\' when index + 1 < rest.Length && rest[index + 1] is (byte)'"' or (byte)'\\' or (byte)']':
                    value.Add(rest[++index]);
                    break;
                case (byte)'"':
                    rest = rest[(index + 1)..];
                    try
                    {
                        return Strict.GetString([.. value]);
                    }
                    catch (DecoderFallbackException)
                    {
                        throw Invalid("a value in structured data is not valid UTF-8");
                    }

                case (byte)']':
                    throw Invalid("a value in structured data has ] without a backslash");
                default:
                    value.Add(rest[index]);
                    break;
            }
        }

        throw Invalid("a value in structured data is not closed");
    }

    private static string? ValueOf(List<Element> elements, string id, string parameter) =>
        elements.Find(element => element.Id == id)?.Parameters.FirstOrDefault(one => one.Name == parameter).Value;

    private static SyslogException Invalid(string message) => new("invalid-syslog", message);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Time();

    private sealed record Element(string Id, List<(string Name, string Value)> Parameters);
}
