using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

/// <summary>Single values are changed in a stack file, and nothing else: comments, order, quotes and line ends stay.</summary>
public sealed class StackFileEditorTests
{
    private const string File = """
        # Ours.
        config:
          aws:region: eu-central-1   # where we are
          ha-cluster:nat: single # cheap
          ha-cluster:nodePools:
            # Add-ons.
            system:
              min: 2
              max: 3
            general: {min: 2, max: 4}

          # Promises.
          ha-cluster:objectives:
            serving:
              chains/bitcoin: 2
        # The end.

        """;

    [Theory]
    [InlineData("nat", "perZone", "ha-cluster:nat: single #", "ha-cluster:nat: perZone #")]
    [InlineData("nodePools.system.min", "4", "min: 2\n      max: 3", "min: 4\n      max: 3")]
    [InlineData("nodePools.general.max", "6", "{min: 2, max: 4}", "{min: 2, max: 6}")]
    [InlineData("nodePools.general.desired", "3", "{min: 2", "{desired: 3, min: 2")]
    [InlineData("nodePools.system.desired", "3", "      max: 3\n", "      max: 3\n      desired: 3\n")]
    [InlineData("nodePools.stateful.min", "2", "max: 4}\n", "max: 4}\n    stateful:\n      min: 2\n")]
    [InlineData("objectives.recovery.stateless", "15m", "chains/bitcoin: 2\n", "chains/bitcoin: 2\n    recovery:\n      stateless: 15m\n")]
    [InlineData("objectives.serving.shop/web", "0", "chains/bitcoin: 2\n", "chains/bitcoin: 2\n      shop/web: 0\n")]
    [InlineData("zones", "3", "chains/bitcoin: 2\n", "chains/bitcoin: 2\n  ha-cluster:zones: 3\n")]
    [InlineData("namespaces.shop", "{}", "chains/bitcoin: 2\n", "chains/bitcoin: 2\n  ha-cluster:namespaces:\n    shop: {}\n")]
    public void One_value_changes_and_the_rest_stays(string setting, string value, string before, string after) =>
        Assert.Equal(File.Replace(before, after, StringComparison.Ordinal), Apply(File, setting, value));

    [Theory]
    [InlineData("ha-cluster:nodePools general", "    general: {min: 2, max: 4}\n", "")]
    [InlineData("ha-cluster:nodePools system", "    system:\n      min: 2\n      max: 3\n", "")]
    [InlineData("ha-cluster:nodePools general min", "{min: 2, max: 4}", "{max: 4}")]
    [InlineData("ha-cluster:nodePools general max", "{min: 2, max: 4}", "{min: 2}")]
    [InlineData("ha-cluster:nat", "  ha-cluster:nat: single # cheap\n", "")]
    [InlineData("ha-cluster:objectives serving", "ha-cluster:objectives:\n    serving:\n      chains/bitcoin: 2\n", "ha-cluster:objectives: {}\n")]
    public void One_entry_is_removed_and_the_rest_stays(string names, string before, string after)
    {
        Assert.Contains(before, File, StringComparison.Ordinal);
        Assert.Equal(File.Replace(before, after, StringComparison.Ordinal), StackFileEditor.Remove("Pulumi.x.yaml", File, "ha-cluster", [.. names.Split(' ')]));
    }

    [Fact]
    public void What_is_not_set_cannot_be_removed() =>
        Assert.Contains("is not set", Assert.Throws<UnreadableInputException>(() => StackFileEditor.Remove("x", File, "ha-cluster", ["ha-cluster:sites", "x"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Line_ends_of_Windows_stay() =>
        Assert.Equal("config:\r\n  aws:region: x\r\n  ha-cluster:nat: perZone\r\n", Apply("config:\r\n  aws:region: x\r\n", "nat", "perZone"));

    [Theory]
    [InlineData("config:\n  aws:region: x", "config:\n  aws:region: x\n  ha-cluster:nat: perZone\n")]
    [InlineData("", "config:\n  ha-cluster:nat: perZone\n")]
    [InlineData("# nothing yet\n", "# nothing yet\nconfig:\n  ha-cluster:nat: perZone\n")]
    [InlineData("encryptionsalt: v1\n", "encryptionsalt: v1\nconfig:\n  ha-cluster:nat: perZone\n")]
    [InlineData("config:\n  nat: single\n", "config:\n  nat: perZone\n")]
    [InlineData("config:\n  nat: \"single\"\n", "config:\n  nat: perZone\n")]
    [InlineData("config:\n  ha-cluster:nat:\n  aws:region: x\n", "config:\n  ha-cluster:nat: perZone\n  aws:region: x\n")]
    [InlineData("config: {}\n", "config: {ha-cluster:nat: perZone}\n")]
    public void Files_of_any_shape_take_a_value(string before, string after) => Assert.Equal(after, Apply(before, "nat", "perZone"));

    [Fact]
    public void What_is_encrypted_stays()
    {
        const string Text = "config:\n  ha-cluster:token:\n    secure: v1:abc\n  ha-cluster:nat: single\n";
        Assert.Equal(Text.Replace("single", "perZone", StringComparison.Ordinal), Apply(Text, "nat", "perZone"));
    }

    [Theory]
    [InlineData("config:\n  ha-cluster:nodePools: &pools\n    system:\n      min: 2\n")]
    [InlineData("config:\n  ha-cluster:nodePools:\n    system: &pool\n      min: 2\n    general: *pool\n")]
    [InlineData("config:\n  ha-cluster:nodePools: [system]\n")]
    [InlineData("config:\n  ha-cluster:base: &base\n    system:\n      min: 2\n  ha-cluster:nodePools:\n    <<: *base\n    general:\n      min: 3\n")]
    public void What_other_stacks_may_share_is_left_to_a_person(string text)
    {
        var exception = Assert.Throws<UnreadableInputException>(() => Apply(text, "nodePools.system.min", "4"));
        Assert.Contains("change it by hand", exception.Message, StringComparison.Ordinal);
    }

    private static string Apply(string text, string setting, string value)
    {
        var path = setting.Split('.');
        return StackFileEditor.Apply("Pulumi.dev.yaml", text, "ha-cluster", [new SettingEdit([$"ha-cluster:{path[0]}", .. path[1..]], value)]);
    }
}
