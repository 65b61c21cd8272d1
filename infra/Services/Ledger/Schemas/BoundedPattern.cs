using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;

namespace HaCluster.Ledger.Schemas;

/// <summary><c>pattern</c> in time that grows with the text only: what a producer sends cannot keep the service busy.</summary>
internal sealed class BoundedPattern : IKeywordHandler
{
    /// <summary>Only for a defect: the matching is linear.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static BoundedPattern Instance { get; } = new();

    public string Name => PatternKeyword.Instance.Name;

    public object? ValidateKeywordValue(JsonElement value)
    {
        PatternKeyword.Instance.ValidateKeywordValue(value);
        return Compile(value.GetString()!);
    }

    public void BuildSubschemas(KeywordData keyword, BuildContext context) => PatternKeyword.Instance.BuildSubschemas(keyword, context);

    public KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context) => PatternKeyword.Instance.Evaluate(keyword, context);

    /// <exception cref="NotSupportedException">It has something that cannot be matched in linear time, such as a look-around or a back reference.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
#pragma warning disable RS0030 // The pattern is that of a schema, and its $ becomes \z.
            return new Regex(OfEcmaScript(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);
#pragma warning restore RS0030
        }
        catch (NotSupportedException exception)
        {
            throw new NotSupportedException($"the pattern {pattern} cannot be matched in bounded time; write it without look-arounds and back references", exception);
        }
    }

    /// <summary>Where ECMAScript, which the standard names, and .NET differ: <c>$</c> is the end and not also before a last line break; digits and words are those of ASCII.</summary>
    private static string OfEcmaScript(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 8);
        var isClass = false;
        for (var index = 0; index < pattern.Length; index++)
        {
            var character = pattern[index];
            if (character == '\\' && index + 1 < pattern.Length)
            {
                var escaped = pattern[++index];
                text.Append((escaped, isClass) switch
                {
                    ('d', false) => "[0-9]",
                    ('d', true) => "0-9",
                    ('D', false) => "[^0-9]",
                    ('w', false) => "[a-zA-Z0-9_]",
                    ('w', true) => "a-zA-Z0-9_",
                    ('W', false) => "[^a-zA-Z0-9_]",
                    _ => $"\\{escaped}",
                });
                continue;
            }

            isClass = isClass ? character != ']' : character == '[';
            text.Append(character == '$' && !isClass ? @"\z" : character);
        }

        return text.ToString();
    }
}

/// <summary>The same for <c>patternProperties</c>.</summary>
internal sealed class BoundedPatternProperties : IKeywordHandler
{
    public static BoundedPatternProperties Instance { get; } = new();

    public string Name => PatternPropertiesKeyword.Instance.Name;

    public object? ValidateKeywordValue(JsonElement value)
    {
        PatternPropertiesKeyword.Instance.ValidateKeywordValue(value);
        return value.EnumerateObject().ToDictionary(member => member.Name, member => BoundedPattern.Compile(member.Name), StringComparer.Ordinal);
    }

    public void BuildSubschemas(KeywordData keyword, BuildContext context) => PatternPropertiesKeyword.Instance.BuildSubschemas(keyword, context);

    public KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context) => PatternPropertiesKeyword.Instance.Evaluate(keyword, context);
}
