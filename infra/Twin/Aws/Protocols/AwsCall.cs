using System.Globalization;
using System.Text.Json.Nodes;

namespace HaCluster.Twin.Aws.Protocols;

/// <summary>One call, whatever its protocol.</summary>
/// <param name="Service">The name that was signed for: <c>ec2</c>, <c>eks</c> ...</param>
/// <param name="Operation">Such as <c>DescribeInstances</c>.</param>
internal sealed record AwsCall(string Service, string Operation)
{
    /// <summary>Of the Query protocol, or the query of a URL.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the JSON protocols.</summary>
    public JsonObject Body { get; init; } = [];

    /// <summary>Variable parts of the path, in order.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    public string? Find(string name) => Form.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <exception cref="AwsException">It is missing.</exception>
    public string Get(string name) => Find(name) ?? throw new AwsException("MissingParameter", $"The request must contain the parameter {name}");

    /// <exception cref="AwsException">It is not a whole number.</exception>
    public int? Number(string name) => Find(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new AwsException("InvalidParameterValue", $"Value ({text}) for parameter {name} is invalid");

    public bool IsTrue(string name) => Find(name) is "true" or "True" or "1";

    /// <summary>A list: <c>InstanceId.1</c>, or with the name of its members between, such as <c>AutoScalingGroupNames.member.1</c>.</summary>
    public IReadOnlyList<string> List(string name)
    {
        var found = new SortedDictionary<int, string>();
        foreach (var (key, value) in Form)
        {
            if (!key.StartsWith(name + ".", StringComparison.Ordinal))
                continue;
            var parts = key[(name.Length + 1)..].Split('.');
            if (parts.Length is 1 or 2 && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                found[number] = value;
        }

        return [.. found.Values];
    }

    /// <summary>Filters by name: of EC2 <c>Filter.1.Name</c>, <c>Filter.1.Value.1</c>; elsewhere <c>Filters.member.1.Name</c>, <c>Filters.member.1.Values.member.1</c>.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Filters()
    {
        var filters = new List<(string, IReadOnlyList<string>)>();
        foreach (var prefix in new[] { "Filter", "Filters.member", "Filters.Filter" })
        {
            for (var at = 1; Find($"{prefix}.{at}.Name") is { } name; at++)
                filters.Add((name, [.. List($"{prefix}.{at}.Value"), .. List($"{prefix}.{at}.Values")]));
        }

        return filters;
    }
}
