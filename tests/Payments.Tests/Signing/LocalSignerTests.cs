using System.Collections.Immutable;
using System.Runtime.Versioning;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>What the signer signs, and what it does not, whoever asks.</summary>
public sealed class LocalSignerTests : IDisposable
{
    private const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private const string Token = "ethereum/0xdac17f958d2ee523a2206206994597c13d831ec7";

    private static readonly EthereumOrder Order = new("hot", "trf_1", Attempt.Payment, Asset.Ethereum, Destination, "100", 31337, 0, 21_000, "10", "1");

    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_transfer_is_signed_as_its_sender_to_its_destination()
    {
        using var signer = Open();
        var signed = await signer.SignAsync(Order, default);
        var transaction = (Nethereum.Model.Transaction1559)Nethereum.Model.TransactionFactory.CreateTransaction(signed.Raw);
        Assert.Equal((Destination.ToLowerInvariant(), 100, 0, 31337), (transaction.ReceiverAddress.ToLowerInvariant(), (int)transaction.Amount!.Value, (int)transaction.Nonce!.Value, (int)transaction.ChainId));
        Assert.Equal(Sender, TransactionVerificationAndRecovery.GetSenderAddress(signed.Raw));
        Assert.Equal(signed, EthereumTransactions.Check(Order, Sender, signed.Raw));
        foreach (var other in new[] { Order with { Amount = "101" }, Order with { Nonce = 1 }, Order with { Destination = Sender }, Order with { MaxFeePerGas = "11" } })
            Assert.Equal("not-the-order", Assert.Throws<SigningRefusedException>(() => EthereumTransactions.Check(other, Sender, signed.Raw)).Code);
        Assert.Equal("not-the-sender", Assert.Throws<SigningRefusedException>(() => EthereumTransactions.Check(Order, Destination, signed.Raw)).Code);
        Assert.Equal("not-the-order", Assert.Throws<SigningRefusedException>(() => EthereumTransactions.Check(Order, Sender, "0x02c0")).Code);
    }

    [Fact]
    public async Task A_token_is_moved_by_a_call_of_its_contract_and_nothing_else()
    {
        using var signer = Open();
        var signed = await signer.SignAsync(Order with { Asset = Token, GasLimit = 90_000 }, default);
        var transaction = (Nethereum.Model.Transaction1559)Nethereum.Model.TransactionFactory.CreateTransaction(signed.Raw);
        Assert.Equal("0xdac17f958d2ee523a2206206994597c13d831ec7", transaction.ReceiverAddress.ToLowerInvariant());
        Assert.Equal($"a9059cbb{Destination[2..].ToLowerInvariant(),64}{"64",64}".Replace(' ', '0'), transaction.Data.RemoveHexPrefix());
        Assert.True(transaction.Amount is null || transaction.Amount.Value.IsZero);
    }

    [Fact]
    public async Task A_transfer_is_never_signed_under_another_nonce_or_as_another_even_by_a_signer_that_was_restarted()
    {
        using (var signer = Open())
            await signer.SignAsync(Order, default);
        using var restarted = Open();
        await RefusedAsync(restarted, "other-inputs", Order with { Nonce = 1 });
        await RefusedAsync(restarted, "contradiction", Order with { Amount = "99" });
        await RefusedAsync(restarted, "contradiction", Order with { Destination = Sender });
        await RefusedAsync(restarted, "contradiction", Order with { Asset = Token, GasLimit = 90_000 });
        await RefusedAsync(restarted, "input-used", Order with { Transfer = "trf_2" });
        // A larger fee, or the cancellation, with the same nonce: of all these the chain takes one.
        await restarted.SignAsync(Order with { MaxFeePerGas = "12" }, default);
        await restarted.SignAsync(Order with { Purpose = Attempt.Cancellation }, default);
    }

    [Fact]
    public async Task Its_own_policy_decides()
    {
        using var signer = Open();
        await RefusedAsync(signer, "destination-not-allowed", Order with { Destination = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" });
        await RefusedAsync(signer, "above-transfer-limit", Order with { Amount = "101" });
        await RefusedAsync(signer, "above-fee-limit", Order with { MaxFeePerGas = "48" });
        await RefusedAsync(signer, "wrong-chain", Order with { ChainId = 1 });
        await RefusedAsync(signer, "no-such-key", Order with { Key = "cold" });
        await RefusedAsync(signer, "not-a-transfer", Order with { Purpose = "message" });
        await RefusedAsync(signer, "not-a-transfer", Order with { Destination = Destination.ToLowerInvariant() });
        await RefusedAsync(signer, "not-a-transfer", Order with { Amount = "-1" });
        await RefusedAsync(signer, "not-a-transfer", Order with { GasLimit = 5_000_000 });
        await RefusedAsync(signer, "not-a-transfer", Order with { GasLimit = 20_999 });
        await RefusedAsync(signer, "not-a-transfer", Order with { Nonce = -1 });
        await RefusedAsync(signer, "not-a-transfer", Order with { Transfer = "" });
        await RefusedAsync(signer, "not-a-transfer", Order with { MaxPriorityFeePerGas = "11" });
        // Nothing of what was refused counts.
        for (var number = 0; number < 2; number++)
            await signer.SignAsync(Order with { Transfer = $"trf_{number}", Nonce = number }, default);
        await RefusedAsync(signer, "above-daily-limit", Order with { Transfer = "trf_2", Nonce = 2 });
        _clock.Advance(TimeSpan.FromHours(24));
        await signer.SignAsync(Order with { Transfer = "trf_2", Nonce = 2 }, default);
        await File.WriteAllTextAsync(_scratch.At(LocalSigner.StopFile), "");
        await RefusedAsync(signer, "kill-switch", Order with { Transfer = "trf_3", Nonce = 3 });
        await RefusedAsync(signer, "kill-switch", Order with { Transfer = "trf_2", Nonce = 2 });
    }

    [Fact]
    public async Task What_was_agreed_to_days_ago_is_raised_or_cancelled_on_a_day_that_is_full()
    {
        using var signer = Open();
        await signer.SignAsync(Order with { MaxFeePerGas = "5" }, default);
        _clock.Advance(TimeSpan.FromHours(30));
        for (var number = 2; number <= 3; number++)
            await signer.SignAsync(Order with { Transfer = $"trf_{number}", Nonce = number }, default);
        await RefusedAsync(signer, "above-daily-limit", Order with { Transfer = "trf_4", Nonce = 4 });
        await signer.SignAsync(Order with { MaxFeePerGas = "10" }, default);
        // It has not made room for another either.
        await RefusedAsync(signer, "above-daily-limit", Order with { Transfer = "trf_4", Nonce = 4 });
        await signer.SignAsync(Order with { Purpose = Attempt.Cancellation }, default);
    }

    [Fact]
    public async Task A_sweep_is_a_call_of_the_contract_of_forwarders_that_pays_the_keys_own_address_and_nothing_else()
    {
        using var signer = Open();
        var order = Order with { Transfer = "trf_sweep", Purpose = Attempt.Sweep, Destination = Sender, Amount = "1000000", GasLimit = 300_000, MaxFeePerGas = "1", Forwarders = [0, 7] };
        var signed = await signer.SignAsync(order, default);
        var transaction = (Nethereum.Model.Transaction1559)Nethereum.Model.TransactionFactory.CreateTransaction(signed.Raw);
        Assert.Equal(ForwarderContract.Address.ToLowerInvariant(), transaction.ReceiverAddress.ToLowerInvariant());
        Assert.True(transaction.Amount is null || transaction.Amount.Value.IsZero);
        // sweep(the key's address, [0, 7], ether)
        Assert.Equal(
            $"bf4638fa{Sender[2..].ToLowerInvariant(),64}{"60",64}{"",64}{"2",64}{"",64}{"7",64}".Replace(' ', '0'), transaction.Data.RemoveHexPrefix());
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = null });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [] });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [7, 0] });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [7, 7] });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [-1] });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [.. Enumerable.Range(0, ForwarderContract.MostForwarders + 1)] });
        // Not even to an allowed destination.
        await RefusedAsync(signer, "not-a-sweep", order with { Destination = Destination });
        await RefusedAsync(signer, "not-a-sweep", Order with { Forwarders = [0] });
        await RefusedAsync(signer, "not-a-transfer", order with { GasLimit = ForwarderContract.MostGas + 1 });
        await RefusedAsync(signer, "above-fee-limit", order with { MaxFeePerGas = "10" });
        await RefusedAsync(signer, "asset-not-allowed", order with { Transfer = "trf_other", Nonce = 9, Asset = "ethereum/0x00000000000000000000000000000000000a11ce" });
        await RefusedAsync(signer, "other-inputs", order with { Nonce = 1 });
        await RefusedAsync(signer, "contradiction", order with { Forwarders = [0, 8] });
        await RefusedAsync(signer, "input-used", Order);
        // It is no part of the daily limit, however much it is, and its cancellation takes its nonce.
        for (var number = 1; number <= 5; number++)
            await signer.SignAsync(order with { Transfer = $"trf_sweep{number}", Nonce = number }, default);
        await signer.SignAsync(Order with { Nonce = 6 }, default);
        await signer.SignAsync(order with { Purpose = Attempt.Cancellation }, default);
    }

    [Fact]
    public async Task A_sweep_by_salts_pays_the_keys_own_address_too_and_its_replacements_name_the_same_ones()
    {
        using var signer = Open();
        var (first, second) = ($"1{new string('e', 63)}", $"f{new string('0', 63)}");
        var order = Order with { Transfer = "trf_sweep", Purpose = Attempt.Sweep, Destination = Sender, Amount = "1000000", GasLimit = 300_000, MaxFeePerGas = "1", Salts = [first, second] };
        var signed = await signer.SignAsync(order, default);
        var transaction = (Nethereum.Model.Transaction1559)Nethereum.Model.TransactionFactory.CreateTransaction(signed.Raw);
        Assert.Equal($"bf4638fa{Sender[2..].ToLowerInvariant(),64}{"60",64}{"",64}{"2",64}{first}{second}".Replace(' ', '0'), transaction.Data.RemoveHexPrefix());
        var words = string.Concat(first, second);
        foreach (var salts in new string[][] { [], [second, first], [first, first], [first[1..]], [first.ToUpperInvariant()], [$"{first}00"], [words], ["0x" + first[2..]], [null!], [.. Enumerable.Range(0, ForwarderContract.MostForwarders + 1).Select(number => $"{number:x64}")] })
            await RefusedAsync(signer, "not-a-sweep", order with { Salts = salts });
        await RefusedAsync(signer, "not-a-sweep", order with { Forwarders = [1] });
        await RefusedAsync(signer, "not-a-sweep", order with { Destination = Destination });
        await RefusedAsync(signer, "not-a-sweep", Order with { Salts = [first] });
        await RefusedAsync(signer, "contradiction", order with { Salts = [first] });
        await RefusedAsync(signer, "contradiction", order with { Salts = null, Forwarders = [0, 7] });
        // No part of the daily limit, and the same again with a higher fee.
        Assert.NotEqual(signed, await signer.SignAsync(order with { MaxFeePerGas = "2" }, default));
        await signer.SignAsync(order with { Purpose = Attempt.Cancellation }, default);
        for (var number = 1; number <= 5; number++)
            await signer.SignAsync(order with { Transfer = $"trf_sweep{number}", Nonce = number }, default);
        await signer.SignAsync(Order with { Nonce = 6 }, default);
    }

    [SkippableFact, UnsupportedOSPlatform("windows")]
    public async Task Over_its_socket_it_answers_the_same()
    {
        Skip.If(OperatingSystem.IsWindows(), "the test looks at the modes of files");
        using var signer = Open();
        using var log = new StringWriter();
        var socket = _scratch.At("signer.sock");
        await using var server = await SignerServer.StartAsync(signer, socket, new EventLog(TextWriter.Synchronized(log), _clock, "subject"), default);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(socket) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        using var client = new SignerClient(new SignerAddress.UnixSocket(socket));
        Assert.Equal(await signer.SignAsync(Order, default), await client.SignAsync(Order, default));
        var sweep = Order with { Transfer = "trf_sweep", Nonce = 5, Purpose = Attempt.Sweep, Destination = Sender, MaxFeePerGas = "1", Forwarders = [3] };
        Assert.Equal(await signer.SignAsync(sweep, default), await client.SignAsync(sweep, default));
        var salted = sweep with { Transfer = "trf_salted", Nonce = 6, Forwarders = null, Salts = [new string('a', 64)] };
        Assert.Equal(await signer.SignAsync(salted, default), await client.SignAsync(salted, default));
        var refused = await Assert.ThrowsAsync<SigningRefusedException>(() => client.SignAsync(Order with { Nonce = 1 }, default));
        Assert.Equal("other-inputs", refused.Code);
        await Assert.ThrowsAsync<IOException>(() => SignerServer.StartAsync(signer, socket, new EventLog(log, _clock, "subject"), default));
        await server.StopAsync();
        await Assert.ThrowsAsync<SignerUnavailableException>(() => client.SignAsync(Order, default));
        // Neither the bytes nor the key are in its log.
        Assert.Contains("\"event\":\"refused\"", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0x02f8", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_opens_with_its_passphrase_only_and_notices_every_change()
    {
        var secret = Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        var file = KeyFile.Seal(Asset.Ethereum, secret, "correct horse battery");
        file.Write(_scratch.At("hot.key"));
        Assert.Equal(secret, KeyFile.Read(_scratch.At("hot.key")).Open("correct horse battery"));
        Assert.Throws<FormatException>(() => file.Open("correct horse batterz"));
        Assert.Throws<FormatException>(() => (file with { Chain = Asset.Bitcoin }).Open("correct horse battery"));
        Assert.Throws<FormatException>(() => (file with { Iterations = file.Iterations + 1 }).Open("correct horse battery"));
        Assert.Throws<IOException>(() => file.Write(_scratch.At("hot.key")));
        Assert.Contains("12 or more", Assert.Throws<FormatException>(() => KeyFile.Seal(Asset.Ethereum, secret, "short")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), File.ReadAllText(_scratch.At("hot.key")), StringComparison.OrdinalIgnoreCase);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_scratch.At("hot.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Equal(secret, KeyFile.Read(_scratch.At("hot.key")).Open("correct horse battery"));
            File.SetUnixFileMode(_scratch.At("hot.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", Assert.Throws<FormatException>(() => KeyFile.Read(_scratch.At("hot.key"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_with_mistakes_say_all_of_them()
    {
        var refused = Assert.Throws<FormatException>(() => SignerSettings.Parse(
            """{"keys": [{"name": "a", "chain": "dogecoin", "file": "x", "kms": "y"}, {"name": "b", "chain": "bitcoin", "kms": "z", "destinations": ["0x1"], "policy": {"approvals": 0}}]}""", Networks.Development));
        foreach (var part in new[] { "keys[0].chain: choose", "keys[0]: write either file or kms", "keys[1].kms: ", "keys[1].destinations: 0x1: ", "keys[1].policy: approvals is 0" })
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.Contains("add at least one key", Assert.Throws<FormatException>(() => SignerSettings.Parse("{}", Networks.Development)).Message, StringComparison.Ordinal);
        Assert.Contains("line 1", Assert.Throws<FormatException>(() => SignerSettings.Parse("""{"keyz": []}""", Networks.Development)).Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(LocalSigner signer, string code, EthereumOrder order) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<SigningRefusedException>(() => signer.SignAsync(order, default))).Code);

    private LocalSigner Open()
    {
        var limits = new AssetLimits { PerTransfer = "100", PerDay = "200", ApproveAbove = "100", MaxFee = "1000000" };
        var policy = new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits, [Token] = limits with { MaxFee = "10000000" } } };
        var key = new SignerKey("hot", Asset.Ethereum, null, null, ImmutableHashSet.Create(Destination, Sender), policy);
        return new LocalSigner([(key, new FileEthereumKey(Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")), null)], _scratch.Path, Networks.Development, _clock);
    }
}
