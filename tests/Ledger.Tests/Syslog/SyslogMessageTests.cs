using System.Text;
using HaCluster.Ledger.Syslog;

namespace HaCluster.Ledger.Tests.Syslog;

public sealed class SyslogMessageTests
{
    private const string Bom = "\uFEFF";

    [Theory]
    // https://www.rfc-editor.org/rfc/rfc5424#section-6.5
    [InlineData(
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - " + Bom + "'su root' failed for lonvick on /dev/pts/8",
        """{"app":"su","facility":4,"hostname":"mymachine.example.com","message":"'su root' failed for lonvick on /dev/pts/8","msgid":"ID47","pri":34,"severity":2,"timestamp":"2003-10-11T22:14:15.003Z"}""")]
    [InlineData(
        "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
        """{"app":"myproc","facility":20,"hostname":"192.0.2.1","message":"%% It's time to make the do-nuts.","pri":165,"procid":"8710","severity":5,"timestamp":"2003-08-24T05:14:15.000003-07:00"}""")]
    [InlineData(
        "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"Application\" eventID=\"1011\"][examplePriority@32473 class=\"high\"]",
        """{"app":"evntslog","facility":20,"hostname":"mymachine.example.com","message":"","msgid":"ID47","pri":165,"severity":5,"structuredData":{"examplePriority@32473":{"class":"high"},"exampleSDID@32473":{"eventID":"1011","eventSource":"Application","iut":"3"}},"timestamp":"2003-10-11T22:14:15.003Z"}""")]
    [InlineData("<0>1 - - - - - -", """{"facility":0,"message":"","pri":0,"severity":0}""")]
    [InlineData("<191>1 - - - - - [a b=\"1\" b=\"2\"][c] x", """{"facility":23,"message":"x","pri":191,"severity":7,"structuredData":{"a":{"b":["1","2"]},"c":{}}}""")]
    [InlineData("<13>1 - - - - - [a b=\"q\\\" b\\\\ c\\] d\\e ü\"] line\u0000\none", """{"facility":1,"message":"line\u0000\none","pri":13,"severity":5,"structuredData":{"a":{"b":"q\" b\\ c] d\\e ü"}}}""")]
    public void A_message_becomes_the_data_of_a_record(string message, string data) =>
        Assert.Equal(data, Encoding.UTF8.GetString(SyslogMessage.Parse(Encoding.UTF8.GetBytes(message)).Data));

    [Fact]
    public void Text_that_is_not_UTF8_is_kept_as_it_came() => Assert.Equal(
        """{"facility":1,"messageBase64":"Y2Fm6Q==","pri":13,"severity":5}""",
        Encoding.UTF8.GetString(SyslogMessage.Parse([.. "<13>1 - - - - - - caf"u8, 0xE9]).Data));

    [Fact]
    public void An_id_in_structured_data_is_that_of_the_record_and_a_number_makes_the_bytes_one()
    {
        Assert.Equal(("tx-1", false), Identity("<13>1 - - - - - [ledger@32473 id=\"tx-1\"] paid"));
        Assert.Equal((null, true), Identity("<13>1 - - - - - [meta sequenceId=\"7\"] paid"));
        Assert.Equal((null, false), Identity("<13>1 - - - - - [meta language=\"en\"] paid"));

        static (string?, bool) Identity(string message) => SyslogMessage.Parse(Encoding.UTF8.GetBytes(message)) is var parsed ? (parsed.Id, parsed.IsNumbered) : default;
    }

    [Theory]
    [InlineData("", "priority")]
    [InlineData("hello", "priority")]
    [InlineData("<192>1 - - - - - -", "above 191")]
    [InlineData("<007>1 - - - - - -", "priority")]
    [InlineData("<1x>1 - - - - - -", "priority")]
    [InlineData("<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "RSYSLOG_SyslogProtocol23Format")]
    [InlineData("<34>2 - - - - - -", "version")]
    [InlineData("<34>1 2003-10-11 - - - - -", "timestamp")]
    [InlineData("<34>1 2003-13-11T22:14:15Z - - - - -", "timestamp")]
    [InlineData("<34>1 2003-10-11T22:14:15.1234567Z - - - - -", "timestamp")]
    [InlineData("<34>1 2003-10-11T22:14:15 - - - - -", "timestamp")]
    [InlineData("<34>1 - -", "hostname is missing")]
    [InlineData("<34>1 - h\u00e9 - - - -", "hostname")]
    [InlineData("<34>1 - - - - - ", "structured data is missing")]
    [InlineData("<34>1 - - - - - -x", "no space")]
    [InlineData("<34>1 - - - - - [a b=\"1\"", "not closed")]
    [InlineData("<34>1 - - - - - [a b=\"1]\"]", "without a backslash")]
    [InlineData("<34>1 - - - - - [a b=1]", "quotation marks")]
    [InlineData("<34>1 - - - - - [a][a]", "twice")]
    [InlineData("<34>1 - - - - - [a b=\"1", "not closed")]
    public void What_is_not_such_a_message_is_refused_with_the_reason(string message, string reason)
    {
        var fault = Assert.Throws<SyslogException>(() => SyslogMessage.Parse(Encoding.UTF8.GetBytes(message)));
        Assert.Equal("invalid-syslog", fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }
}
