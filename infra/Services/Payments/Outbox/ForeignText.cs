namespace HaCluster.Payments.Outbox;

/// <summary>Texts that come from elsewhere, such as what a node says, have no end of their own.</summary>
internal static class ForeignText
{
    /// <summary>Characters of a reason that people read.</summary>
    public const int Reason = 500;

    private const string More = "...";

    /// <summary>Its beginning, if it is longer; never half a character.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, most - More.Length - (char.IsHighSurrogate(text[most - More.Length - 1]) ? 1 : 0)), More);
}
