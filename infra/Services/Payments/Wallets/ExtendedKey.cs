using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using NBitcoin;
using NBitcoin.DataEncoders;
using Nethereum.Signer;

namespace HaCluster.Payments.Wallets;

/// <summary>An extended public key: it makes addresses, and nobody can spend with it.</summary>
internal sealed class ExtendedKey
{
    /// <summary>Of an account, such as m/84'/0'/0'.</summary>
    private const byte AccountDepth = 3;

    /// <summary>Of the receiving addresses of an account, such as m/44'/60'/0'/0: what many wallets of Ethereum export.</summary>
    private const byte BranchDepth = 4;

    /// <summary>Version bytes that say how a key is to be used (https://github.com/satoshilabs/slips/blob/master/slip-0132.md). NBitcoin knows those without a script only.</summary>
    private static readonly (uint Version, string Prefix, bool IsMain, string? Script)[] Versions =
    [
        (0x0488b21e, "xpub", true, null),
        (0x049d7cb2, "ypub", true, ScriptKind.Bip49),
        (0x04b24746, "zpub", true, ScriptKind.Bip84),
        (0x043587cf, "tpub", false, null),
        (0x044a5262, "upub", false, ScriptKind.Bip49),
        (0x045f1cf6, "vpub", false, ScriptKind.Bip84),
    ];

    /// <summary>Keys of wallets that were used of late. To parse one and derive its branch takes longer than to derive an address.</summary>
    private static readonly MemoryCache Known = new(new MemoryCacheOptions { SizeLimit = 1000 });

    private readonly ExtPubKey _key;
    private readonly ConcurrentDictionary<uint, ExtPubKey> _branches = [];

    private ExtendedKey(ExtPubKey key, string? script) => (_key, Script) = (key, script);

    /// <summary>What its prefix says of the addresses; null: nothing.</summary>
    public string? Script { get; }

    /// <summary>That of a wallet in the store.</summary>
    public static ExtendedKey Of(Wallet wallet, Networks networks)
    {
        var text = wallet.ExtendedKey ?? throw new InvalidOperationException($"the wallet {wallet.Id} has no extended key");
        return Known.GetOrCreate((text, networks.IsMain), entry => Parse(text, networks.IsMain), new MemoryCacheEntryOptions { Size = 1 })!;
    }

    /// <exception cref="FormatException">It is not such a key; the message says why, without the key.</exception>
    public static ExtendedKey Parse(string text, bool isMain)
    {
        // A private key in an error message would be in a log a moment later. Its prefix says it (xprv, tprv, ...): a public key may have these letters anywhere else.
        if (text.IndexOf("prv", StringComparison.Ordinal) == 1 || text.Contains(' ', StringComparison.Ordinal))
            throw new FormatException("this is a private key or a seed; the service takes public keys only (xpub, ypub, zpub, tpub). Consider the key compromised, and move its coins");
        byte[] bytes;
        try
        {
            bytes = Encoders.Base58Check.DecodeData(text);
        }
        catch (FormatException exception)
        {
            throw new FormatException("it is not in Base58Check: letters are missing or wrong", exception);
        }

        if (bytes.Length != 78)
            throw new FormatException($"it has {bytes.Length} bytes; an extended key has 78");
        var version = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var known = Versions.FirstOrDefault(one => one.Version == version);
        if (known.Prefix is null)
            throw new FormatException($"its version bytes are {version:x8}; known are {string.Join(", ", Versions.Select(one => one.Prefix))}");
        if (known.IsMain != isMain)
            throw new FormatException($"{known.Prefix} is a key of {(known.IsMain ? "the main network" : "a test network")}, and this service runs on {(isMain ? "the main network" : "a test network")}");
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Versions.First(one => one.IsMain == isMain && one.Script is null).Version);
        try
        {
            return new ExtendedKey(ExtPubKey.Parse(Encoders.Base58Check.EncodeData(bytes), isMain ? Network.Main : Network.RegTest), known.Script);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new FormatException("its public key is not a point of the curve", exception);
        }
    }

    /// <summary>The key in the form that NBitcoin reads, which is what the store has.</summary>
    public string ToText(Network network) => _key.ToString(network);

    /// <exception cref="FormatException">The key is not that of an account.</exception>
    public void RequireBitcoinAccount()
    {
        if (_key.Depth != AccountDepth)
            throw new FormatException($"it is a key of depth {_key.Depth}; give that of an account, of depth {AccountDepth}, such as m/84'/0'/0'");
    }

    /// <exception cref="FormatException">The key is not that of an account or its receiving addresses.</exception>
    public void RequireEthereumAccount()
    {
        if (_key.Depth is not (AccountDepth or BranchDepth))
            throw new FormatException($"it is a key of depth {_key.Depth}; give that of an account (m/44'/60'/0', depth {AccountDepth}) or of its addresses (m/44'/60'/0'/0, depth {BranchDepth})");
    }

    public Script BitcoinScript(ScriptPubKeyType type, uint branch, uint position) => PublicKey(branch, position).GetScriptPubKey(type);

    public string BitcoinAddress(ScriptPubKeyType type, uint branch, uint position, Network network) => PublicKey(branch, position).GetAddress(type, network).ToString();

    /// <summary>What a PSBT says of a coin, for the signer to find its key.</summary>
    public PubKey PublicKey(uint branch, uint position) => Branch(branch).Derive(position).PubKey;

    public HDFingerprint Fingerprint => _key.PubKey.GetHDFingerPrint();

    public string EthereumAddress(uint position)
    {
        var parent = _key.Depth == AccountDepth ? Branch(0) : _key;
        return new EthECKey(parent.Derive(position).PubKey.Decompress().ToBytes(), isPrivate: false).GetPublicAddress();
    }

    private ExtPubKey Branch(uint branch) => _branches.GetOrAdd(branch, _key.Derive);
}
