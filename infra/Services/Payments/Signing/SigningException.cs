namespace HaCluster.Payments.Signing;

/// <summary>The signer does not sign this, and will not when it is asked again.</summary>
/// <param name="code">Stable, for programs.</param>
/// <param name="transfer">The one that is refused, where an order has several of which none was signed before; null: all of it is.</param>
internal sealed class SigningRefusedException(string code, string message, string? transfer = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Transfer { get; } = transfer;
}

/// <summary>The signer, or the key behind it, cannot be used now.</summary>
internal sealed class SignerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
