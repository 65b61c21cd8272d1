using System.Security.Cryptography;
using System.Text;
using HaCluster.Services;

namespace HaCluster.Payments.Sealing;

/// <summary>
/// Seals what the database keeps for the service alone, such as the secrets of webhooks: AES-256-GCM under a key that is in no database, so that whoever has a backup or reads by SQL has nothing. The first key
/// seals; all of them open, so that a key is replaced without a gap.
/// </summary>
internal sealed class SealKeys
{
    /// <summary>Letters of a key in its file: short ones could be guessed, since they are not stretched.</summary>
    private const int ShortestKey = 40;

    private const string Mark = "sealed";
    private const int IdBytes = 6;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly IReadOnlyList<(string Id, byte[] Key)> _keys;

    private SealKeys(IReadOnlyList<(string Id, byte[] Key)> keys) => _keys = keys;

    /// <summary>Begins what is sealed with the first key.</summary>
    public string Prefix => $"{Mark}.{_keys[0].Id}.";

    /// <param name="text">Of the file: one key on each line, the newest first.</param>
    /// <exception cref="FormatException">It has none, or one that could be guessed.</exception>
    public static SealKeys Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0 || lines.Any(line => line.Length < ShortestKey || !line.All(letter => letter is > ' ' and <= '~')))
            throw new FormatException($"write a random key of {ShortestKey} or more letters and digits on each line (`openssl rand -base64 32`), the newest first");
        return new SealKeys([.. lines.Select(line => (Convert.ToHexStringLower(Derive(line, "id", IdBytes)), Derive(line, "key", 32)))]);
    }

    /// <summary>That of a service on one computer, in a file that its owner alone can read; made when it is not there.</summary>
    /// <exception cref="FormatException">The file has no keys.</exception>
    public static SealKeys ReadOrMake(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFolder.Create(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            // Whole or not at all, also when the process is killed or the disk is full.
            var begun = $"{path}.new";
            File.Delete(begun);
            using (var file = new FileStream(begun, options))
            {
                file.Write(Encoding.ASCII.GetBytes($"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(begun, path);
        }

        return Read(path);
    }

    /// <exception cref="FormatException">It has no keys, or everybody can read it.</exception>
    public static SealKeys Read(string path)
    {
        Signing.KeyFile.RequirePrivate(path);
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{path}: {exception.Message}", exception);
        }
    }

    /// <param name="subject">What it belongs to: sealed for one thing, it does not open for another.</param>
    public string Seal(string subject, string secret)
    {
        var content = Encoding.UTF8.GetBytes(secret);
        var bytes = new byte[NonceBytes + TagBytes + content.Length];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[0].Key, TagBytes);
        aes.Encrypt(nonce, content, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(subject));
        return Prefix + Convert.ToBase64String(bytes);
    }

    /// <summary>Whether it is as a service without keys wrote it.</summary>
    public static bool IsClear(string stored) => !stored.StartsWith($"{Mark}.", StringComparison.Ordinal);

    /// <exception cref="SealException">None of the keys has sealed it for this subject.</exception>
    public string Open(string subject, string stored)
    {
        if (stored.Split('.') is not [Mark, var id, var text] || _keys.FirstOrDefault(key => key.Id == id) is not { Key: { } key })
            throw new SealException($"a secret of {subject} was sealed with a key that --seal-key does not have; put the key back as another line, or make a new secret");
        try
        {
            var bytes = Convert.FromBase64String(text).AsSpan();
            var content = bytes[(NonceBytes + TagBytes)..];
            var secret = new byte[content.Length];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(bytes[..NonceBytes], content, bytes.Slice(NonceBytes, TagBytes), secret, Encoding.UTF8.GetBytes(subject));
            return Encoding.UTF8.GetString(secret);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            throw new SealException($"a secret of {subject} was changed in the database, or is another's; make a new secret", exception);
        }
    }

    private static byte[] Derive(string line, string purpose, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(line), length, info: Encoding.ASCII.GetBytes($"hacluster-payments-seal/{purpose}"));
}

/// <summary>What is sealed does not open.</summary>
internal sealed class SealException(string message, Exception? inner = null) : Exception(message, inner);
