using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings;

/// <summary>Shape of a text in the settings, with one message for all violations.</summary>
/// <param name="Pattern">Ends with <c>\z</c>: <c>$</c> would allow a newline at the end.</param>
/// <param name="Advice">What is expected, and an example.</param>
/// <param name="Examples">Texts of this shape, the most telling first.</param>
public sealed record Shape(Regex Pattern, string Advice, params ImmutableArray<string> Examples)
{
    /// <summary>Further check that a pattern cannot express, with its own message.</summary>
    public Func<string, string?>? Further { get; init; }

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public string? Fault(string text) => Pattern.IsMatch(text) ? Further?.Invoke(text) : Advice;

    public bool Matches(string text) => Fault(text) is null;
}
