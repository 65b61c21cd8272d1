namespace HaCluster.Payments.Signing;

/// <summary>The signer does not sign this, and will not when it is asked again.</summary>
/// <param name="code">Stable, for programs.</param>
internal sealed class SigningRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>The signer, or the key behind it, cannot be used now.</summary>
internal sealed class SignerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
