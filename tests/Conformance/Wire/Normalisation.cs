using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using HaCluster.Wire;

namespace HaCluster.Conformance.Wire;

/// <summary>
/// Requests as lines of sorted JSON, without what the two official SDKs themselves do differently. Each rule names the difference;
/// everything that no rule names must be equal. Fields unknown to our .proto files (such as stack traces) are not compared.
/// </summary>
internal static partial class Normalisation
{
    /// <summary>Calls that say nothing about what is declared.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        // Node asks for every feature once, .NET for those it needs, when it needs them.
        "SupportsFeature",
        // Only Node tells the engine its root resource; .NET keeps it to itself.
        "SetRootResource",
        "GetRootResource",
    };

    /// <summary>What Node writes beside the signature of an asset, and no engine reads.</summary>
    private static readonly HashSet<string> NodeMarks = new(StringComparer.Ordinal) { "__pulumiAsset", "__pulumiArchive" };

    /// <summary>Sorted, because both programs register in parallel.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<Request> requests) =>
    [
        .. requests.Where(request => !Ignored.Contains(request.Method) && !IsDebugLog(request.Message) && !GivesNothing(request.Message))
            .Select(request => $"{request.Method} {Sorted(Normalise(request)).ToJsonString()}")
            .Order(StringComparer.Ordinal),
    ];

    // .NET tells the engine every step at debug level, Node does not.
    private static bool IsDebugLog(IMessage message) => message is LogRequest { Severity: LogSeverity.Debug };

    // Node registers empty outputs for every component that gives none, .NET registers what it is told to.
    private static bool GivesNothing(IMessage message) => message is RegisterResourceOutputsRequest { Outputs.Fields.Count: 0 };

    /// <summary>
    /// A program that fails early ends, in .NET, at once: whether the stack had been registered by then is a race. Node always registers
    /// it, and gives the outputs it has. What may never happen is that something goes on which depends on the failure.
    /// </summary>
    public static IReadOnlyList<string> LinesAfterFailure(IEnumerable<Request> requests) =>
        Lines(requests.Where(request => request.Message is not RegisterResourceRequest { Parent: "" }));

    private static JsonObject Normalise(Request request)
    {
        var json = MessageJson.Of(request.Message);
        switch (request.Message)
        {
            case RegisterResourceRequest registration:
                Registration(registration, json);
                break;
            case ReadResourceRequest:
                Reading(json);
                break;
            case ResourceInvokeRequest:
                // .NET tells the function which arguments are secret, Node only remembers it for the result.
                json["args"] = WithoutSecrets(json["args"]!);
                break;
            case RegisterResourceOutputsRequest:
                UnknownIds(json);
                break;
            case LogRequest { Severity: LogSeverity.Error }:
                // Errors quote stack traces and name their runtime.
                json.Remove("message");
                break;
        }
        return json;
    }

    private static void Registration(RegisterResourceRequest registration, JsonObject json)
    {
        // Where in the source a resource is declared: only Node tells.
        json.Remove("sourcePosition");
        // Only Node can take outputs with unknown parts.
        json.Remove("supportsPartialValues");
        // Matters to the engine for Node programs only.
        json.Remove("aliasSpecs");
        // Node names the providers of every component, .NET only those of remote ones; both resolve children themselves.
        if (!registration.Remote)
            json.Remove("providers");
        // An absent message and an empty one say the same.
        RemoveIfEmpty(json, "hooks");
        RemoveIfEmpty(json, "object");
        Timeouts(json);
        SortNames(json, "dependencies");
        UnknownIds(json);
        foreach (var (_, dependencies) in json["propertyDependencies"]?.AsObject() ?? [])
            SortNames(dependencies!.AsObject(), "urns");
        foreach (var spec in json["aliases"]?.AsArray().Select(alias => alias?["spec"]).OfType<JsonObject>() ?? [])
            AliasParent(spec, registration.Parent);
    }

    /// <summary>For an alias that had the parent which the resource still has, .NET says that it had one and Node names it.</summary>
    private static void AliasParent(JsonObject spec, string parent)
    {
        if (spec["noParent"]?.GetValue<bool>() == false)
            spec.Remove("noParent");
        if (spec["parentUrn"]?.GetValue<string>() == parent)
            spec.Remove("parentUrn");
    }

    private static void Reading(JsonObject json)
    {
        json.Remove("sourcePosition");
        RemoveIfEmpty(json, "properties");
        SortNames(json, "dependencies");
    }

    /// <summary>A reference to a resource without an id yet: .NET says so with an empty id, Node with the unknown value.</summary>
    private static void UnknownIds(JsonNode node)
    {
        if (node is JsonObject map && map[Signatures.Key]?.GetValue<string>() == Signatures.ResourceReference
            && map["id"]?.GetValue<string>() == UnknownSentinels.String)
            map["id"] = "";
        foreach (var child in node is JsonObject parent ? parent.Select(entry => entry.Value) : node as JsonArray ?? [])
        {
            if (child is not null)
                UnknownIds(child);
        }
    }

    /// <summary>.NET counts nanoseconds, Node passes on what was written.</summary>
    private static void Timeouts(JsonObject json)
    {
        if (json["customTimeouts"] is not JsonObject timeouts)
            return;
        foreach (var (operation, duration) in timeouts.ToList())
            timeouts[operation] = Seconds(duration!.GetValue<string>()).ToString(CultureInfo.InvariantCulture);
        RemoveIfEmpty(json, "customTimeouts");
    }

    private static double Seconds(string goDuration) => GoDurationPart().Matches(goDuration).Sum(part =>
        double.Parse(part.Groups["amount"].Value, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
        {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ms" => 1e-3,
            "us" => 1e-6,
            "ns" => 1e-9,
            var unit => throw new FormatException($"{unit} in {goDuration}"),
        });

    private static void RemoveIfEmpty(JsonObject json, string name)
    {
        if (json[name] is JsonObject { Count: 0 })
            json.Remove(name);
    }

    private static void SortNames(JsonObject json, string name)
    {
        if (json[name] is JsonArray names)
            json[name] = new JsonArray([.. names.Select(value => value!.GetValue<string>()).Order(StringComparer.Ordinal).Select(value => (JsonNode)value)]);
    }

    private static JsonNode WithoutSecrets(JsonNode node) => node switch
    {
        JsonObject map when map[Signatures.Key]?.GetValue<string>() == Signatures.Secret => WithoutSecrets(map["value"]!),
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : WithoutSecrets(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : WithoutSecrets(item))]),
        _ => node.DeepClone(),
    };

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(entry => !NodeMarks.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };

    [GeneratedRegex("(?<amount>[0-9.]+)(?<unit>[a-z]+)")]
    private static partial Regex GoDurationPart();
}
