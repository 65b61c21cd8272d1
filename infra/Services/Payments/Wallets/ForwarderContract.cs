using System.Globalization;
using HaCluster.Payments.Amounts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace HaCluster.Payments.Wallets;

/// <summary>
/// The contract of <c>Forwarders.sol</c>, which is at the same address on every chain: the well-known deployer (https://github.com/Arachnid/deterministic-deployment-proxy) puts it where its code says, whoever asks.
/// The constants are compared with a fresh compilation by a test.
/// </summary>
internal static class ForwarderContract
{
    public const string Deployer = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

    public const string Address = "0xb6326c69bea78CF5BFAe7bB35041E1c951c083F3";

    /// <summary>keccak256 of the code that is there.</summary>
    public const string CodeHash = "0x6b6879713bf32103d7421acec34d806b8371096a8b09b73eb5ccb1c715c6400f";

    /// <summary>keccak256 of Swept(address,address,address,uint256).</summary>
    public const string SweptTopic = "0xddb9e887767e767a0e6a62c15b95f9f09e40e04427f78be916fdf478da1dbc23";

    /// <summary>Addresses that one sweep calls at most. The first sweep of 50 took 3.0 million gas on anvil, a later one 0.7 million; a transaction has at most 2^24 (https://eips.ethereum.org/EIPS/eip-7825).</summary>
    public const int MostForwarders = 50;

    /// <summary>Of a sweep that is signed: room for tokens that need more than the plain ones that were measured.</summary>
    public const long MostGas = 8_000_000;

    /// <summary>The code of all forwarders, which <see cref="Address"/> made with its first nonce.</summary>
    private const string Forwarder = "0xc07d0cefda97926ddf0c960c0638c234359839ce";

    /// <summary>sweep(address,bytes32[],address).</summary>
    private const string SweepSelector = "0xbf4638fa";

    private const int WordDigits = 64;

    /// <summary>What the deployer gets: a salt of zero, and the creation code.</summary>
    public static string DeploymentData
    {
        get
        {
            using var reader = new StreamReader(typeof(ForwarderContract).Assembly.GetManifestResourceStream("Forwarders.hex")!);
            return $"0x{Word(0)}{reader.ReadToEnd().Trim()[2..]}";
        }
    }

    /// <summary>The receiving address that a salt makes (https://eips.ethereum.org/EIPS/eip-1014).</summary>
    /// <param name="parent">The only one that it can pay.</param>
    /// <param name="salt">See <see cref="ForwarderSalt"/>.</param>
    public static string AddressOf(string parent, string salt)
    {
        // Forwarders.creationOf
        var creation = $"6100473d81600a3d39f336600557005b363d3d373d3d3d363d73{Digits(Forwarder)}5af43d82803e903d91603157fd5bf3{Digits(parent)}";
        return EthereumAddress.Checksum("0x" + Hash($"ff{Digits(Address)}{salt}{Hash(creation)}")[24..]);
    }

    /// <summary>The call that has forwarders pay their parent.</summary>
    /// <param name="token">Null: ether.</param>
    public static string SweepData(string parent, IReadOnlyList<string> salts, string? token) => string.Concat(
        [SweepSelector, Padded(parent), Word(3 * 32), Padded(token ?? "0x"), Word(salts.Count), .. salts]);

    /// <summary>keccak256 of a code that a node gave.</summary>
    public static string HashOf(string code) => $"0x{Hash(code[2..])}";

    private static string Hash(string digits) => Sha3Keccack.Current.CalculateHash(digits.HexToByteArray()).ToHex();

    private static string Digits(string address) => address[2..].ToLowerInvariant();

    private static string Padded(string address) => Digits(address).PadLeft(WordDigits, '0');

    private static string Word(long number) => number.ToString("x", CultureInfo.InvariantCulture).PadLeft(WordDigits, '0');
}
