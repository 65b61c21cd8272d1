using System.Numerics;

namespace HaCluster.Payments.Books;

/// <summary>
/// One movement in the books: an amount leaves one account and arrives on another, so that every asset sums to zero, whatever is written.
/// </summary>
/// <param name="Cause">Why, in full, such as <c>transfer/ID/paid</c>. There is one posting of a cause: booking it again does nothing.</param>
internal sealed record Posting(string Cause, string Asset, string Source, string Target, BigInteger Amount);
