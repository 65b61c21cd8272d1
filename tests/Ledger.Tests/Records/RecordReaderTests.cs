using System.Buffers;
using System.Text;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Tests.Records;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData("""{"stream":"payments","id":"p-1","data":{"amount":"12.00"}}""", "p-1", null)]
    [InlineData("""{"stream":"payments","sequence":7,"data":{}}""", "7", 7L)]
    [InlineData("""{"data":{},"id":"a b","sequence":0,"stream":"payments","time":"2026-01-31T12:00:00+01:00"}""", "a b", 0L)]
    public void A_record_is_read(string json, string id, long? sequence)
    {
        var record = Read(json);
        Assert.Equal((id, sequence, "payments", "api"), (record.Id, record.ProducerSequence, record.Stream, record.Producer));
    }

    [Theory]
    [InlineData("""{"id":"p-1","data":{}}""", "stream is missing")]
    [InlineData("""{"stream":"payments","data":{}}""", "id is missing")]
    [InlineData("""{"stream":"payments","id":"p-1"}""", "data is missing")]
    [InlineData("""{"stream":"payments","id":"p-1","data":[]}""", "data must be an object")]
    [InlineData("""{"stream":"payments","id":"p-1","data":{},"amount":1}""", "the member amount that is not known")]
    [InlineData("""{"stream":"payments","id":"p-1","id":"p-1","data":{}}""", "the member id twice")]
    [InlineData("""{"stream":"payments","id":"","data":{}}""", "id must have 1 to 200 characters")]
    [InlineData("""{"stream":"payments","id":"a\u0000b","data":{}}""", "id must have 1 to 200 characters")]
    [InlineData("""{"stream":"payments","id":5,"data":{}}""", "id must be a string")]
    [InlineData("""{"stream":"../etc","id":"p-1","data":{}}""", "not a name of a stream")]
    [InlineData("""{"stream":"payments","sequence":-1,"data":{}}""", "sequence must be a whole number")]
    [InlineData("""{"stream":"payments","sequence":1.5,"data":{}}""", "sequence must be a whole number")]
    [InlineData("""{"stream":"payments","sequence":9007199254740992,"data":{}}""", "sequence must be a whole number")]
    [InlineData("""{"stream":"payments","id":"p-1","data":{},"time":"2026-01-31"}""", "time must be an RFC 3339 time")]
    [InlineData("""{"stream":"payments","id":"p-1","data":{},"time":"2026-01-31T12:00:00"}""", "time must be an RFC 3339 time")]
    [InlineData("""[]""", "a record must be an object")]
    [InlineData("""{"stream":"payments","id":"p-1","data":{}} 1""", "")]
    public void What_is_wrong_with_a_record_is_said(string json, string message) =>
        Assert.Contains(message, Assert.Throws<RejectedException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_content_in_another_notation_is_the_same_content()
    {
        var one = Read("""{"stream":"payments","id":"p-1","data":{"a":1,"b":"\u0041"}}""");
        var same = Read("""{ "data": {"b": "A", "a": 1.0}, "id": "p-1", "stream": "payments" }""");
        var other = Read("""{"stream":"payments","id":"p-1","data":{"a":2,"b":"A"}}""");
        Assert.Equal((one.Key, one.Content), (same.Key, same.Content));
        Assert.Equal(one.Key, other.Key);
        Assert.NotEqual(one.Content, other.Content);
    }

    [Fact]
    public void A_CloudEvent_is_known_by_its_source_and_id()
    {
        var record = new RecordReader("api", "payments").ReadCloudEvent(
            """{"specversion":"1.0","type":"paid","source":"/shop","id":"7","time":"2026-01-31T12:00:00Z","data":{"amount":"1.00"}}"""u8);
        Assert.Equal("/shop 7", record.Id);
        foreach (var wrong in new[] { """{"specversion":"0.3","type":"a","source":"b","id":"c"}""", """{"specversion":"1.0","type":"a","id":"c"}""", """{"specversion":"1.0","type":"a","source":"b","id":""}""" })
            Assert.Equal("invalid-cloudevent", Assert.Throws<RejectedException>(() => new RecordReader("api", "payments").ReadCloudEvent(Encoding.UTF8.GetBytes(wrong))).Code);
    }

    [Theory]
    [InlineData("""{"stream":"payments","id":"p \"previous\":\"x\" 1","sequence":12,"data":{"sequence":12,"stream":"x","previous":"y"},"time":"2026-01-31T12:00:00Z"}""")]
    [InlineData("""{"stream":"payments","id":"p-1","data":{}}""")]
    public void An_entry_leads_back_to_its_record(string json)
    {
        var record = Read(json);
        var line = LineOf(record);
        Assert.True(Entry.IsCanonical(line), Encoding.UTF8.GetString(line));
        var entry = Entry.Parse(line);
        Assert.Equal((12L, record.Id, "api", record.ProducerSequence), (entry.Sequence, entry.Id, entry.Producer, entry.ProducerSequence));
        var again = PreparedRecord.Of(entry, line);
        Assert.Equal((record.Key, record.Content, record.Content), (again.Key, again.Content, entry.ContentOf(line)));
        Assert.True(record.Second.SequenceEqual(again.Second) && record.Third.SequenceEqual(again.Third));
    }

    [Fact]
    public void What_is_accepted_is_not_too_deep_for_an_entry()
    {
        var levels = CanonicalJson.MaxDepth - 2;
        Assert.True(Entry.IsCanonical(LineOf(Read($$$"""{"stream":"payments","id":"a","data":{"a":{{{Nested(levels)}}}}}"""))));
        Assert.True(Entry.IsCanonical(LineOf(ReadEvent(Nested(levels)))));
        Assert.Equal("too-deep", Assert.Throws<RejectedException>(() => ReadEvent(Nested(levels + 1))).Code);

        static string Nested(int levels) => new string('[', levels) + new string(']', levels);

        static PreparedRecord ReadEvent(string data) => new RecordReader("api", "payments").ReadCloudEvent(
            Encoding.UTF8.GetBytes($$$"""{"specversion":"1.0","type":"paid","source":"/shop","id":"1","data":{{{data}}}}"""));
    }

    private static byte[] LineOf(PreparedRecord record)
    {
        var line = new ArrayBufferWriter<byte>();
        Entry.Write(line, record, Encoding.ASCII.GetBytes(Entry.Format(DateTimeOffset.UnixEpoch)), Encoding.ASCII.GetBytes(Hash.HexOf("x"u8)), 12);
        return line.WrittenSpan.ToArray();
    }

    private static PreparedRecord Read(string json) => new RecordReader("api", null).ReadRecord(Encoding.UTF8.GetBytes(json));
}
