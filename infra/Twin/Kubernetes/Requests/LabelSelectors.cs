using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Reads conditions on labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors</summary>
internal static partial class LabelSelectors
{
    /// <summary>Reads the form of queries: <c>app=web,tier in (a,b),!canary,n&gt;3</c>.</summary>
    /// <exception cref="StatusException">400: it cannot be understood.</exception>
    public static LabelSelector Parse(string? text)
    {
        var requirements = new List<LabelRequirement>();
        var rest = (text ?? "").Trim();
        while (rest.Length > 0)
        {
            var match = Term().Match(rest);
            if (!match.Success)
                throw StatusException.BadRequest($"unable to parse requirement: found '{rest}', expected: identifier");
            requirements.Add(Read(match));
            rest = rest[match.Length..];
        }
        return new([.. requirements]);
    }

    /// <summary>Reads <c>matchLabels</c> and <c>matchExpressions</c>; null for one that is absent, which selects nothing.</summary>
    public static LabelSelector? Of(JsonElement? selector) => selector is { } present ? SelectorReader.Selector(JsonValues.Of(present)) : null;

    private static LabelRequirement Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["set"].Success)
            return new(key, match.Groups["not"].Success ? LabelOperator.NotIn : LabelOperator.In, [.. match.Groups["set"].Value.Split(',', StringSplitOptions.TrimEntries)]);
        var value = match.Groups["value"].Value;
        return match.Groups["op"].Value switch
        {
            "=" or "==" => new(key, LabelOperator.In, [value]),
            "!=" => new(key, LabelOperator.NotIn, [value]),
            ">" => new(key, LabelOperator.Gt, [value]),
            "<" => new(key, LabelOperator.Lt, [value]),
            _ => new(key, match.Groups["absent"].Success ? LabelOperator.DoesNotExist : LabelOperator.Exists, []),
        };
    }

    [GeneratedRegex(@"\A\s*(?:(?<absent>!)\s*)?(?<key>[A-Za-z0-9][A-Za-z0-9._/-]*)\s*(?:(?<not>not)?in\s*\((?<set>[^()]*)\)|(?<op>==|=|!=|>|<)\s*(?<value>[A-Za-z0-9._-]*))?\s*(?:,|\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}
