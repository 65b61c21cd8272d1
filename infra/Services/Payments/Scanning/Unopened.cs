using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Scanning;

/// <summary>Something of a wallet that the books have yet to take over.</summary>
/// <param name="Token">Null: ether of the sender.</param>
internal sealed record Unopened(string Wallet, string? Sender, string? Token)
{
    public string Asset => new Asset(Amounts.Asset.Ethereum, Token).ToString();

    /// <summary>Whether a payment is of it.</summary>
    public bool Has(Payment payment) => payment.To.Wallet == Wallet && payment.Asset == Asset && (Token is not null || payment.To.Address == Sender);
}
