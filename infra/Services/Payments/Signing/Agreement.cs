using System.Numerics;

namespace HaCluster.Payments.Signing;

/// <summary>What a signer agrees to when it signs.</summary>
/// <param name="Key">Its name for the key.</param>
/// <param name="Owner">The transfer to which the inputs belong, for good.</param>
/// <param name="Transfers">All that the inputs are for, the owner among them.</param>
/// <param name="Inputs">A nonce, or outputs that are spent.</param>
internal sealed record Agreement(string Key, string Owner, IReadOnlyList<AgreedTransfer> Transfers, IReadOnlyCollection<string> Inputs);

/// <summary>What a signer agrees to when it signs a child.</summary>
/// <param name="Owner">The transfer to which the inputs of the parent belong.</param>
/// <param name="Input">The change that is spent.</param>
/// <param name="Shares">What transfers bear of the child's fee.</param>
internal sealed record ChildAgreement(string Key, string Owner, string Input, IReadOnlyDictionary<string, BigInteger> Shares);

/// <summary>What a signed payment gives back: a child may spend it.</summary>
/// <param name="Input">As it is spent.</param>
/// <param name="Shares">What each transfer pays of the payment's fee.</param>
internal sealed record SignedChange(string Input, IReadOnlyDictionary<string, BigInteger> Shares);

/// <summary>One transfer has one asset, one destination and one amount, however often it is signed.</summary>
/// <param name="IsPaid">False: the inputs are spent so that it is not.</param>
internal sealed record AgreedTransfer(string Id, string Asset, string Destination, BigInteger Amount, bool IsPaid);
