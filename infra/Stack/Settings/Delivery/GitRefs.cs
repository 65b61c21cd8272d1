using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Reads lists of branches and tags that a role of AWS trusts.</summary>
public static partial class GitRefs
{
    /// <summary>Names in which <c>*</c> stands for any part; one that would match everything is refused.</summary>
    public static ImmutableArray<string> Read(SettingsReader reader, string name, ImmutableArray<string> fallback)
    {
        var refs = ImmutableArray.CreateBuilder<string>();
        foreach (var (text, index) in reader.TextList(name, fallback).Select((text, index) => (text, index)))
        {
            var fault =
                !Shape().IsMatch(text) ? "a branch or tag has letters, digits and . _ - / in it, and * for any part"
                : text.All(letter => letter is '*' or '/') ? "it matches every one, those that nobody protects too: name the protected ones, such as main or release/*"
                : refs.Contains(text) ? "it is in the list already"
                : null;
            if (fault is null)
                refs.Add(text);
            else
                reader.Problems.Add($"{reader.PathOf(name)}[{index}]", $"\"{text}\"", fault);
        }

        return refs.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z0-9._/*-]+$")]
    private static partial Regex Shape();
}
