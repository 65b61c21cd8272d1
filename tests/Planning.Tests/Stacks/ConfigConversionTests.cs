using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

/// <summary>What a value in a stack file becomes in PULUMI_CONFIG. The expectations follow go-yaml v3 and Go's encoding/json, which Pulumi is built on.</summary>
public sealed class ConfigConversionTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\"quoted\"", "quoted")]
    [InlineData("eu-central-1", "eu-central-1")]
    [InlineData("10.0.0.0/16", "10.0.0.0/16")]
    [InlineData("3", "3")]
    [InlineData("-3", "-3")]
    [InlineData("+3", "3")]
    [InlineData("007", "7")]
    [InlineData("010", "8")]
    [InlineData("08", "8")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("1_000", "1000")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "18446744073709552000")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1.5", "1.5")]
    [InlineData("1.30", "1.3")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("1.5e-10", "1.5e-10")]
    [InlineData("0.000001", "0.000001")]
    [InlineData(".5", "0.5")]
    [InlineData("\"1.30\"", "1.30")]
    [InlineData("'007'", "007")]
    [InlineData("!!str 12", "12")]
    [InlineData("true", "true")]
    [InlineData("True", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("yes", "yes")]
    [InlineData("off", "off")]
    [InlineData("n", "n")]
    [InlineData("12:30:45", "12:30:45")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("2001-01-01", "2001-01-01 00:00:00 +0000 UTC")]
    [InlineData("2001-01-01T10:20:30Z", "2001-01-01 10:20:30 +0000 UTC")]
    [InlineData("2001-01-01T10:20:30.250+02:00", "2001-01-01 10:20:30.25 +0200 +0200")]
    [InlineData("2001-13-01", "2001-13-01")]
    [InlineData("", "")]
    [InlineData("~", "")]
    [InlineData("null", "")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("[1, 1.5, yes, true, null, a]", "[1,1.5,\"yes\",true,null,\"a\"]")]
    [InlineData("{b: 1, a: {d: x, c: [1]}}", "{\"a\":{\"c\":[1],\"d\":\"x\"},\"b\":1}")]
    [InlineData("{a: <b> & c}", "{\"a\":\"\\u003cb\\u003e \\u0026 c\"}")]
    [InlineData("{a: \"q\\\" \\\\ \\t \\u0001 é 😀\"}", "{\"a\":\"q\\\" \\\\ \\t \\u0001 é 😀\"}")]
    [InlineData("{secure: v1:abc}", "[secret]")]
    [InlineData("{a: {secure: v1:abc}, b: 1}", "{\"a\":\"[secret]\",\"b\":1}")]
    [InlineData("[{secure: v1:abc}]", "[\"[secret]\"]")]
    [InlineData("{secure: v1:abc, other: 1}", "{\"other\":1,\"secure\":\"v1:abc\"}")]
    [InlineData("{secure: 5}", "{\"secure\":5}")]
    public void A_value_arrives_as_Pulumi_would_pass_it(string yaml, string expected) =>
        Assert.Equal(expected, Convert(yaml).ToConfigText());

    [Theory]
    [InlineData("{secure: v1:abc}", true)]
    [InlineData("{a: [1, {b: {secure: v1:abc}}]}", true)]
    [InlineData("{a: [1, {b: secure}]}", false)]
    public void A_key_is_secret_when_anything_in_it_is(string yaml, bool expected) => Assert.Equal(expected, Convert(yaml).HoldsSecret);

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.Inf")]
    [InlineData(".NaN")]
    public void What_JSON_cannot_carry_is_refused(string yaml) =>
        Assert.Contains("quote it", Assert.Throws<UnreadableInputException>(() => Convert(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Anchors_and_merge_keys_are_resolved()
    {
        const string Yaml = """
            config:
              p:base: &base {min: 1, max: 3}
              p:pool: {<<: *base, max: 5}
            """;
        Assert.Equal("""{"max":5,"min":1}""", StackFile.Parse(YamlFile.Parse("f", Yaml), "p").Config["p:pool"].ToConfigText());
    }

    private static ConfigValue Convert(string yaml) =>
        StackFile.Parse(YamlFile.Parse("Pulumi.test.yaml", $"config:\n  p:key: {yaml}\n"), "p").Config["p:key"];
}
