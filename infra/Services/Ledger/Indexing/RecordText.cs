using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Indexing;

/// <summary>Records as they are answered.</summary>
internal static class RecordText
{
    /// <summary>Columns of an export as CSV.</summary>
    public static readonly byte[] CsvHeader = "stream,sequence,id,producer,at,time,producerSequence,hash,data\r\n"u8.ToArray();

    /// <summary>Nobody puts it into a page.</summary>
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n");
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    public static void Write(Utf8JsonWriter writer, string stream, IndexRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("stream"u8, stream);
        writer.WriteNumber("sequence"u8, record.Sequence);
        writer.WriteString("id"u8, record.Id);
        writer.WriteString("producer"u8, record.Producer);
        writer.WriteString("at"u8, record.At);
        if (record.Time is not null)
            writer.WriteString("time"u8, record.Time);
        if (record.ProducerSequence is { } own)
            writer.WriteNumber("producerSequence"u8, own);
        writer.WritePropertyName("data"u8);
        // Canonical JSON that the ledger wrote.
        writer.WriteRawValue(record.Data.Span, skipInputValidation: true);
        writer.WriteString("hash"u8, Hash.Hex(record.Hash.Span));
        writer.WriteEndObject();
    }

    /// <summary>A line of CSV (https://www.rfc-editor.org/rfc/rfc4180).</summary>
    public static void WriteCsv(StringBuilder line, string stream, IndexRecord record)
    {
        Append(line, stream).Append(',').Append(CultureInfo.InvariantCulture, $"{record.Sequence},");
        Append(line, record.Id).Append(',');
        Append(line, record.Producer).Append(',');
        Append(line, record.At).Append(',');
        Append(line, record.Time ?? "").Append(',').Append(CultureInfo.InvariantCulture, $"{record.ProducerSequence},");
        Append(line, Hash.Hex(record.Hash.Span)).Append(',');
        Append(line, Encoding.UTF8.GetString(record.Data.Span)).Append("\r\n");
    }

    private static StringBuilder Append(StringBuilder line, string cell)
    {
        if (cell.Length > 0 && FormulaStarts.Contains(cell[0]))
            cell = "'" + cell;
        return cell.AsSpan().ContainsAny(Quoted) ? line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"') : line.Append(cell);
    }
}
