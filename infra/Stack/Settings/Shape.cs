using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings;

/// <summary>How a text in the settings must look, with one message for whoever writes it otherwise.</summary>
/// <param name="Pattern">Ends with <c>\z</c>: <c>$</c> would let a newline at the end through.</param>
/// <param name="Advice">What is expected, and an example.</param>
/// <param name="Examples">Texts of this shape, the most telling first.</param>
public sealed record Shape(Regex Pattern, string Advice, params ImmutableArray<string> Examples)
{
    /// <summary>What a pattern cannot tell: a message of its own for a text that is formed well and refused all the same.</summary>
    public Func<string, string?>? Further { get; init; }

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public string? Fault(string text) => Pattern.IsMatch(text) ? Further?.Invoke(text) : Advice;

    public bool Matches(string text) => Fault(text) is null;
}
