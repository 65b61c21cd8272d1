using System.Security.Cryptography;

namespace HaCluster.Ledger.Proof;

/// <summary>A key in a file that only its owner can read: for development, and for archives in a folder.</summary>
internal sealed class FileSigner : ISigner
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ECDsa _key;

    private FileSigner(ECDsa key) => (_key, PublicKey) = (key, PublicKey.Of(key.ExportSubjectPublicKeyInfo()));

    public PublicKey PublicKey { get; }

    /// <summary>Reads the key, or makes it when the file does not exist.</summary>
    /// <exception cref="SigningException">The file cannot be used.</exception>
    public static FileSigner Open(string file)
    {
        try
        {
            if (!File.Exists(file))
                Create(file);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
                throw new SigningException($"{file} can be read by others than its owner; run: chmod 600 {file}");
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file));
            return new FileSigner(key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new SigningException($"{file} has no private key in PEM format without a password", exception);
        }
        catch (FormatException exception)
        {
            throw new SigningException($"{file}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"{file} cannot be used as the signing key: {exception.Message}", exception);
        }
    }

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        Task.FromResult(_key.SignData(message.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();

    private static void Create(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(file, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        stream.Flush(flushToDisk: true);
    }
}
