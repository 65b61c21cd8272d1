namespace HaCluster.Ledger.Proof;

/// <summary>Signs checkpoints with ECDSA on P-256 and SHA-256.</summary>
internal interface ISigner : IDisposable
{
    /// <summary>Of use once the key is open.</summary>
    PublicKey PublicKey { get; }

    /// <summary>Asks for the public key, where it is elsewhere.</summary>
    /// <exception cref="SigningException">The key cannot be used, or cannot be asked for now.</exception>
    Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The signature in ASN.1.</summary>
    /// <exception cref="SigningException">There is none now.</exception>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}

/// <summary>A key cannot be used: missing, wrong, or its service is away.</summary>
/// <param name="isPassing">Another try may succeed, without anybody doing something about it.</param>
internal sealed class SigningException(string message, Exception? inner = null, bool isPassing = false) : Exception(message, inner)
{
    public bool IsPassing { get; } = isPassing;
}
