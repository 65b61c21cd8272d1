using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Conditions on labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors</summary>
internal sealed partial class LabelSelector(IReadOnlyList<LabelTerm> terms)
{
    public bool IsEmpty => terms.Count == 0;

    /// <summary>Reads the form of queries: <c>app=web,tier in (a,b),!canary,n&gt;3</c>.</summary>
    /// <exception cref="StatusException">400: it cannot be understood.</exception>
    public static LabelSelector Parse(string? text)
    {
        var terms = new List<LabelTerm>();
        var rest = (text ?? "").Trim();
        while (rest.Length > 0)
        {
            var match = Term().Match(rest);
            if (!match.Success)
                throw StatusException.BadRequest($"unable to parse requirement: found '{rest}', expected: identifier");
            terms.Add(Read(match));
            rest = rest[match.Length..];
        }
        return new(terms);
    }

    /// <summary>Reads <c>matchLabels</c> and <c>matchExpressions</c>; an empty selector matches everything.</summary>
    public static LabelSelector Of(JsonElement selector)
    {
        var terms = new List<LabelTerm>();
        if (selector.TryGetProperty("matchLabels", out var labels) && labels.ValueKind == JsonValueKind.Object)
            terms.AddRange(labels.EnumerateObject().Select(label => new LabelTerm(label.Name, "in", [label.Value.GetString() ?? ""])));
        if (selector.TryGetProperty("matchExpressions", out var expressions) && expressions.ValueKind == JsonValueKind.Array)
        {
            terms.AddRange(expressions.EnumerateArray().Select(expression => new LabelTerm(
                expression.GetProperty("key").GetString()!,
                expression.GetProperty("operator").GetString() switch { "In" => "in", "NotIn" => "notin", "Exists" => "exists", _ => "absent" },
                expression.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [])));
        }
        return new(terms);
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => terms.All(term => term.Matches(labels));

    private static LabelTerm Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["set"].Success)
            return new(key, match.Groups["not"].Success ? "notin" : "in", [.. match.Groups["set"].Value.Split(',', StringSplitOptions.TrimEntries)]);
        var value = match.Groups["value"].Value;
        return match.Groups["op"].Value switch
        {
            "=" or "==" => new(key, "in", [value]),
            "!=" => new(key, "notin", [value]),
            ">" or "<" => new(key, match.Groups["op"].Value, [value]),
            _ => new(key, match.Groups["absent"].Success ? "absent" : "exists", []),
        };
    }

    [GeneratedRegex(@"\A\s*(?:(?<absent>!)\s*)?(?<key>[A-Za-z0-9][A-Za-z0-9._/-]*)\s*(?:(?<not>not)?in\s*\((?<set>[^()]*)\)|(?<op>==|=|!=|>|<)\s*(?<value>[A-Za-z0-9._-]*))?\s*(?:,|\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}

/// <summary>One condition: in, notin, exists, absent, or a comparison of whole numbers.</summary>
internal sealed record LabelTerm(string Key, string Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var isPresent = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            "in" => isPresent && Values.Contains(value),
            "notin" => !isPresent || !Values.Contains(value),
            "exists" => isPresent,
            "absent" => !isPresent,
            _ => isPresent && long.TryParse(value, CultureInfo.InvariantCulture, out var left) && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var right)
                && (Operator == ">" ? left > right : left < right),
        };
    }
}
