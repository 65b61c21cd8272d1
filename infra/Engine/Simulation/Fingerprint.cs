using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Engine.Simulation;

/// <summary>Made-up but stable identifiers: the same resource of the same stack has the same ones in every run.</summary>
internal static class Fingerprint
{
    /// <summary>Lower-case hexadecimal digits, at most 64.</summary>
    public static string Hex(string seed, int digits) => Convert.ToHexStringLower(Hash(seed))[..digits];

    public static string Digits(string seed, int digits)
    {
        var number = BinaryPrimitives.ReadUInt64BigEndian(Hash(seed)) % (ulong)Math.Pow(10, digits);
        return number.ToString($"D{digits}", null);
    }

    /// <summary>Upper-case letters and digits, as in the ids of IAM.</summary>
    public static string UpperAlphanumeric(string seed, int length)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        return string.Concat(Hash(seed).Take(length).Select(one => alphabet[one % alphabet.Length]));
    }

    public static string Uuid(string seed)
    {
        var hex = Hex(seed, 32);
        // The digits of a random (version 4) UUID.
        return $"{hex[..8]}-{hex[8..12]}-4{hex[13..16]}-a{hex[17..20]}-{hex[20..32]}";
    }

    private static byte[] Hash(string seed) => SHA256.HashData(Encoding.UTF8.GetBytes(seed));
}
