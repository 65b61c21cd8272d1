using System.Text;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Tests.Indexing;

public sealed class WordsTests
{
    [Theory]
    [InlineData("""{"a":"Pay-17 done."}""", "pay 17 pay-17 done")]
    [InlineData("""{"a":["x",{"b":"y"},1.5,true,null]}""", "x y 1 5 1.5 true")]
    [InlineData("""{"a":"x x X"}""", "x")]
    [InlineData("""{"a":"--..--"}""", "")]
    [InlineData("""{"a":"a--b"}""", "a b")]
    [InlineData("""{"a":"x\"'y"}""", "x y")]
    [InlineData("""{"a":"日本 é 😀"}""", "日本 é 😀")]
    [InlineData("{}", "")]
    public void Words_are_taken_out_of_all_values(string json, string expected)
    {
        var words = new Words();
        var reader = CanonicalJson.Open(Encoding.UTF8.GetBytes(json));
        reader.Read();
        words.Add(ref reader);
        Assert.Equal(expected, words.Take());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Of_a_long_word_the_beginning_counts_in_text_and_question_alike()
    {
        var text = new string('a', 1000);
        Assert.Equal(new string('a', Words.Longest), Words.Of(text).Single());
        Assert.Equal(Words.Longest - 1, Words.Of(new string('a', Words.Longest - 1) + "😀").Single().Length);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T01:00:00.0000019+01:00", 1)]
    [InlineData("1969-12-31T23:59:59.9999999Z", -1)]
    [InlineData("2026-01-31T12:00:00.123456Z", 1769860800123456)]
    public void Event_times_are_microseconds_whatever_the_zone(string text, long expected) =>
        Assert.Equal(expected, EventTime.Of(DateTimeOffset.ParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None)));
}
