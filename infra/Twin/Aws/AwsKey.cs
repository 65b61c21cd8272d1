using System.Security.Cryptography;

namespace HaCluster.Twin.Aws;

/// <summary>The access key that the twin accepts.</summary>
public sealed record AwsKey(string Id, string Secret)
{
    public static AwsKey Random() => new($"AKIA{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}", Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)));

    /// <summary>Without the secret.</summary>
    public override string ToString() => Id;
}
