using System.Text.Json;
using HaCluster.Planning.Documents;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>
/// The document of <c>ha quota --json</c>.
/// <code>
/// { "format": "hacluster.quota/1",
///   "stack": "prod", "region": "eu-central-1",
///   "account": "123456789012",                  // left out when only AWS's defaults were compared
///   "fits": false,                              // no quota is too small, and the service-linked role fits
///   "short": 2, "unknown": 0, "tight": 1,       // how many of each
///   "quotas": [                                 // most urgent first
///     { "service": "ec2", "code": "L-1216C47A", // code is left out for a limit that Service Quotas does not list
///       "name": "...", "scope": "region",       // region, zone, account, resource
///       "verdict": "short",                     // short, unknown, tight, fits
///       "need": { "atRest": 42, "atMost": 252, "how": "..." },
///       "use": 8,                               // of others; left out when unknown
///       "limit": 64,                            // left out when unknown
///       "shortBy": 196,
///       "unread": "...",                        // why use or limit is left out
///       "default": 5, "adjustable": true, "source": "https://...", "read": "2026-11-26" } ],
///   "serviceLinkedRole": {                      // left out when none is needed
///     "name": "AWSServiceRole...", "present": true, // left out when unknown
///     "wrong": false,                           // pulumi up would fail for it
///     "summary": "..." },
///   "notes": ["..."] }                          // what could not be counted, and what was assumed
/// </code>
/// Numbers are in the unit of the quota: pieces, vCPUs, TiB, GB, characters.
/// </summary>
public static class QuotaDocument
{
    public const string Format = "hacluster.quota/1";

    public static void Write(Stream stream, string stack, string? region, QuotaComparison comparison)
    {
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("stack", stack);
            WriteText(json, "region", region);
            WriteText(json, "account", comparison.Account);
            json.WriteBoolean("fits", comparison.Fits);
            foreach (var verdict in new[] { QuotaVerdict.Short, QuotaVerdict.Unknown, QuotaVerdict.Tight })
                json.WriteNumber(Lower(verdict), comparison.Answers.Count(answer => answer.Verdict == verdict));
            json.WriteStartArray("quotas");
            foreach (var answer in comparison.Answers)
                WriteAnswer(json, answer);
            json.WriteEndArray();
            if (comparison.LinkedRole is { } role)
                WriteRole(json, role);
            json.WriteStartArray("notes");
            foreach (var note in comparison.Notes)
                json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteAnswer(Utf8JsonWriter json, QuotaAnswer answer)
    {
        var quota = answer.Need.Quota;
        json.WriteStartObject();
        json.WriteString("service", quota.Service);
        WriteText(json, "code", quota.Code);
        json.WriteString("name", quota.Name);
        json.WriteString("scope", Lower(quota.Scope));
        json.WriteString("verdict", Lower(answer.Verdict));
        json.WriteStartObject("need");
        json.WriteNumber("atRest", answer.Need.AtRest);
        json.WriteNumber("atMost", answer.Need.AtMost);
        json.WriteString("how", answer.Need.How);
        json.WriteEndObject();
        WriteNumber(json, "use", answer.Use.Value);
        WriteNumber(json, "limit", answer.Limit.Value);
        json.WriteNumber("shortBy", answer.ShortBy);
        WriteText(json, "unread", answer.Unread);
        json.WriteNumber("default", quota.Default);
        json.WriteBoolean("adjustable", quota.IsAdjustable);
        json.WriteString("source", quota.Source);
        json.WriteString("read", quota.Read.ToString("yyyy-MM-dd", null));
        json.WriteEndObject();
    }

    private static void WriteRole(Utf8JsonWriter json, LinkedRole role)
    {
        json.WriteStartObject("serviceLinkedRole");
        json.WriteString("name", LinkedRole.Name);
        if (role.IsPresent is { } present)
            json.WriteBoolean("present", present);
        json.WriteBoolean("wrong", role.IsWrong);
        json.WriteString("summary", role.Summary);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
