using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HaCluster.Payments.Signing;

/// <summary>
/// A secret on disk, for development: AES-256-GCM under a key that PBKDF2 makes of a passphrase. Whoever has the file and the passphrase has the coins; a key of KMS never leaves it.
/// </summary>
internal sealed record KeyFile(int Version, string Chain, int Iterations, string Salt, string Nonce, string Tag, string Ciphertext)
{
    /// <summary>What OWASP recommends for PBKDF2 with SHA-256 (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2).</summary>
    private const int UsualIterations = 600_000;

    private const int MostIterations = 10_000_000;
    private const int LeastPassphrase = 12;
    private const int KeyBytes = 32;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static KeyFile Seal(string chain, ReadOnlySpan<byte> secret, string passphrase)
    {
        if (passphrase.Length < LeastPassphrase)
            throw new FormatException($"the passphrase has {passphrase.Length} characters; write {LeastPassphrase} or more");
        var salt = RandomNumberGenerator.GetBytes(16);
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        var ciphertext = new byte[secret.Length];
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, UsualIterations, HashAlgorithmName.SHA256, KeyBytes);
        using (var aes = new AesGcm(key, tag.Length))
            aes.Encrypt(nonce, secret, ciphertext, tag, Header(1, chain, UsualIterations));
        CryptographicOperations.ZeroMemory(key);
        return new KeyFile(1, chain, UsualIterations, Convert.ToBase64String(salt), Convert.ToBase64String(nonce), Convert.ToBase64String(tag), Convert.ToBase64String(ciphertext));
    }

    /// <summary>For its owner only; an existing file stays.</summary>
    public void Write(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Options)));
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="FormatException">It is not such a file, or everybody can read it.</exception>
    public static KeyFile Read(string path)
    {
        RequirePrivate(path);
        try
        {
            var file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path), Options);
            return file is { Version: 1, Iterations: >= UsualIterations and <= MostIterations } ? file : throw new FormatException($"{path} is not a key file of version 1");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{path} is not a key file: {exception.Path}", exception);
        }
    }

    /// <summary>Of any file with a secret.</summary>
    /// <exception cref="FormatException">Everybody can read it.</exception>
    public static void RequirePrivate(string path)
    {
        // Its group may read it: a volume of Kubernetes belongs to root and to the group of the pod.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)) != 0)
            throw new FormatException($"{path} can be read by everybody or changed by others; chmod 600 {path}");
    }

    /// <exception cref="FormatException">The passphrase is wrong, or the file was changed.</exception>
    public byte[] Open(string passphrase)
    {
        var secret = Array.Empty<byte>();
        try
        {
            var tag = Convert.FromBase64String(Tag);
            var ciphertext = Convert.FromBase64String(Ciphertext);
            secret = new byte[ciphertext.Length];
            var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, Convert.FromBase64String(Salt), Iterations, HashAlgorithmName.SHA256, KeyBytes);
            using (var aes = new AesGcm(key, tag.Length))
                aes.Decrypt(Convert.FromBase64String(Nonce), ciphertext, tag, secret, Header(Version, Chain, Iterations));
            CryptographicOperations.ZeroMemory(key);
            return secret;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            CryptographicOperations.ZeroMemory(secret);
            throw new FormatException("the passphrase is wrong, or the key file was changed", exception);
        }
    }

    /// <summary>What is not secret is sealed too: a file of one chain is not taken for another's.</summary>
    private static byte[] Header(int version, string chain, int iterations) => Encoding.UTF8.GetBytes($"hacluster-payments-key/{version}/{chain}/{iterations}");
}
