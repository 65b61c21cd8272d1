using System.Numerics;

namespace HaCluster.Payments.Signing;

/// <summary>What a signer agrees to when it signs.</summary>
/// <param name="Key">Its name for the key.</param>
/// <param name="Owner">The transfer to which the inputs belong, for good.</param>
/// <param name="Transfers">All that the inputs are for, the owner among them.</param>
/// <param name="Inputs">A nonce, or outputs that are spent.</param>
internal sealed record Agreement(string Key, string Owner, IReadOnlyList<AgreedTransfer> Transfers, IReadOnlyCollection<string> Inputs);

/// <summary>One transfer has one asset, one destination and one amount, however often it is signed.</summary>
/// <param name="IsPaid">False: the inputs are spent so that it is not.</param>
internal sealed record AgreedTransfer(string Id, string Asset, string Destination, BigInteger Amount, bool IsPaid);
