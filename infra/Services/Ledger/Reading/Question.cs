using System.Globalization;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Reading;

/// <summary>What a request asks for.</summary>
/// <param name="Text">Of <c>q</c>, as it was written.</param>
/// <param name="Format">Of an export.</param>
internal sealed record Question(RecordQuery Query, string? From, string? To, string? Text, ExportFormat Format)
{
    public const int MostRecords = 1000;
    public const int MostWords = 32;
    public const int LongestText = 1000;

    private static readonly string[] OfSearch = ["stream", "from", "to", "q", "id", "limit", "cursor"];
    private static readonly string[] OfExport = ["stream", "from", "to", "q", "id", "format"];

    /// <exception cref="QuestionException">It is not understood; the message says what to write.</exception>
    public static Question Read(IQueryCollection query, bool isExport)
    {
        Check(query, isExport ? OfExport : OfSearch);
        var (from, to, text, id) = (query["from"].FirstOrDefault(), query["to"].FirstOrDefault(), query["q"].FirstOrDefault(), query["id"].FirstOrDefault());
        var records = new RecordQuery(StreamOf(query))
        {
            From = Time("from", from),
            To = Time("to", to),
            Words = text is null ? [] : WordsOf(text),
            Id = id is null || Names.IsId(id) ? id : throw new QuestionException($"id must have 1 to {Names.LongestId} characters, none of them a control character"),
            Limit = query["limit"].FirstOrDefault() is not { } limit ? 100
                : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostRecords ? number
                : throw new QuestionException($"limit is '{Shown(limit)}'; write a whole number from 1 to {MostRecords}"),
        };
        if (records.From >= records.To)
            throw new QuestionException($"from ({from}) is not before to ({to}); from is inclusive, to is exclusive");
        if (query["cursor"].FirstOrDefault() is { } cursor)
            records = records with { After = Cursor.Read(records, cursor) ?? throw new QuestionException("cursor does not belong to this search: use `next` of the previous page, and keep the other parameters") };
        return new Question(records, from, to, text, isExport ? FormatOf(query["format"].FirstOrDefault()) : ExportFormat.Ndjson);
    }

    /// <exception cref="QuestionException">It is not there, or not a name.</exception>
    public static string StreamOf(IQueryCollection query) => query["stream"].FirstOrDefault() switch
    {
        null or "" => throw new QuestionException("stream is missing; write stream=NAME"),
        var stream when Names.IsStream(stream) => stream,
        _ => throw new QuestionException($"stream is not a name of a stream: {Names.StreamRule}"),
    };

    /// <exception cref="QuestionException">A parameter is unknown, or there twice: an answer to half of a question would be a wrong one.</exception>
    public static void Check(IQueryCollection query, params string[] known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
                throw new QuestionException($"the parameter '{Shown(name)}' is not known; known are {string.Join(", ", known)}");
            if (values.Count > 1)
                throw new QuestionException($"{name} is given {values.Count} times; give it once");
        }
    }

    private static long? Time(string name, string? text)
    {
        if (text is null)
            return null;
        // In a query a plus sign is a blank.
        var time = text.Length >= 6 && text[^6] == ' ' ? $"{text[..^6]}+{text[^5..]}" : text;
        return time.Length is >= 20 and <= 40 && time[10] == 'T' && (time[^1] == 'Z' || time[^6] is '+' or '-')
            && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? EventTime.Of(at)
            : throw new QuestionException($"{name} is '{Shown(text)}'; write an RFC 3339 time with its zone, such as 2026-01-31T12:00:00Z");
    }

    private static System.Collections.Immutable.ImmutableArray<string> WordsOf(string text)
    {
        if (text.Length > LongestText)
            throw new QuestionException($"q has {text.Length} characters; it may have {LongestText}");
        var words = Indexing.Words.Of(text);
        return words.Length switch
        {
            0 => throw new QuestionException("q has no word; a word is made of letters and digits"),
            > MostWords => throw new QuestionException($"q has {words.Length} words; it may have {MostWords}"),
            _ => words,
        };
    }

    private static ExportFormat FormatOf(string? format) => format switch
    {
        null or "ndjson" => ExportFormat.Ndjson,
        "csv" => ExportFormat.Csv,
        _ => throw new QuestionException($"format is '{Shown(format)}'; choose ndjson or csv"),
    };

    private static string Shown(string text) => new([.. text.Take(40).Select(character => char.IsControl(character) ? '?' : character)]);
}

internal enum ExportFormat
{
    Ndjson,
    Csv,
}

/// <summary>A request for records is not understood.</summary>
internal sealed class QuestionException(string message) : Exception(message);
