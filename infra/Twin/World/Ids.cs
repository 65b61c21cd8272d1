using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Twin.World;

/// <summary>Ids that look random and follow from a text.</summary>
internal static class Ids
{
    public static string Hex(string text, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    public static string Uuid(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();
}
