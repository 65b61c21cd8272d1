namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>Anvil: a development node of Ethereum that makes a block when it is told to. Nodes that make the same blocks have the same hashes.</summary>
internal sealed partial class ChainProcess
{
    public const string NeedsAnvil = "needs anvil (npm ci --prefix tests/Sentinel.Tests/Peers/Node)";

    /// <summary>Null where npm has not brought it.</summary>
    public static string? Anvil { get; } = Existing("@foundry-rs", "anvil-linux-amd64", "bin", "anvil") ?? Existing("@foundry-rs", "anvil-darwin-arm64", "bin", "anvil");

    /// <param name="genesis">Time of the first block; null: now.</param>
    /// <param name="hardfork">With later rules than these a block depends on how often the node was rolled back, not only on the blocks before it.</param>
    public static Task<ChainProcess> AnvilAsync(
        int port = 0, int chainId = 31337, string address = "127.0.0.1", DateTimeOffset? genesis = null, string hardfork = "berlin", params string[] more)
    {
        Skip.If(Anvil is null, NeedsAnvil);
        port = port == 0 ? Waiting.FreePort() : port;
        string[] arguments =
        [
            "--host", address, "--port", $"{port}", "--chain-id", $"{chainId}", "--no-mining", "--silent", "--threads", "1",
            "--hardfork", hardfork,
            .. genesis is { } time ? ["--timestamp", $"{time.ToUnixTimeSeconds()}"] : Array.Empty<string>(),
            .. more,
        ];
        return new ChainProcess(() => RunningProgram.Start(Anvil!, arguments), address, port, "eth_chainId").AnsweringAsync();
    }

    /// <summary>Blocks of this moment.</summary>
    public Task MineAsync(int blocks = 1) => CallAsync("anvil_mine", blocks);

    /// <summary>A fork of its own: another beneficiary gives other hashes.</summary>
    public Task ForkAsync(byte fork) => CallAsync("anvil_setCoinbase", $"0x{fork:x40}");

    public Task MineAtAsync(DateTimeOffset time) => CallAsync("evm_mine", time.ToUnixTimeSeconds());

    public Task RollBackAsync(int blocks) => CallAsync("anvil_rollback", blocks);
}
