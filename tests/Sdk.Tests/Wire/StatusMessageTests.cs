using FsCheck;
using FsCheck.Xunit;
using HaCluster.Wire;

namespace HaCluster.Sdk.Tests.Wire;

public sealed class StatusMessageTests
{
    [Property]
    public void What_is_encoded_is_plain_ascii_and_decodes_to_what_it_was(UnicodeString message)
    {
        var text = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(message.Get ?? ""));
        var encoded = StatusMessage.Encode(text);
        Assert.All(encoded, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(text, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("a%20b", "a b")]
    [InlineData("ä%20b", "ä b")]
    public void Wrong_escapes_stay(string encoded, string expected) => Assert.Equal(expected, StatusMessage.Decode(encoded));
}
