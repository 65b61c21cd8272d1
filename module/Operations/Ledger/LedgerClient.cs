using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Ledger;

/// <summary>The ledger's own API (infra/Services/Ledger/README.md#http), for what needs a reader's token: it goes through a tunnel to one of the replicas.</summary>
public sealed class LedgerClient : IDisposable
{
    private const string Program = "the ledger";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly PodTunnel _tunnel;
    private readonly AuthenticationHeaderValue _authorization;

    private LedgerClient(PodTunnel tunnel, string token) => (_tunnel, _authorization) = (tunnel, new AuthenticationHeaderValue("Bearer", token));

    /// <param name="token">Of an entry of the file of producers that has the stream in <c>reads</c>.</param>
    /// <exception cref="HaClusterException">The cluster has no ledger, or it cannot be reached.</exception>
    public static async Task<LedgerClient> OpenAsync(IKubernetesApi api, string token, CancellationToken cancellationToken) =>
        new(await PodTunnel.OpenAsync(api, LedgerWire.Target, cancellationToken), token);

    /// <summary>Records in the order in which they happened, read page by page.</summary>
    public async IAsyncEnumerable<LedgerRecord> FindAsync(LedgerQuestion question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        var taken = 0;
        do
        {
            using var page = await AskAsync(HttpMethod.Get, question.PathAfter(cursor, taken), question.Stream, cancellationToken);
            foreach (var record in page.RootElement.Items("records"))
            {
                taken++;
                yield return RecordOf(record);
            }

            cursor = page.RootElement.Str("next") is { Length: > 0 } next ? next : null;
        }
        while (cursor is not null && taken < question.First);
    }

    /// <summary>Has one replica verify a stream from its first record, and waits for the result. Cancelled, it goes on there, and the next call waits for it.</summary>
    /// <param name="show">Called about once a second with the records that were found in order so far.</param>
    public async Task<LedgerTest> VerifyAsync(LedgerStatus stream, Action<long> show, CancellationToken cancellationToken)
    {
        var path = $"/v1/streams/{Uri.EscapeDataString(stream.Stream)}/verification";
        for (var method = HttpMethod.Post; ; method = HttpMethod.Get)
        {
            using var answer = await AskAsync(method, path, stream.Stream, cancellationToken);
            var run = VerificationOf(answer.RootElement);
            if (run.EndedAt is not null)
                return LedgerStreams.Test(stream, run);
            show(run.Records);
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    public void Dispose() => _tunnel.Dispose();

    private async Task<JsonDocument> AskAsync(HttpMethod method, string path, string stream, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = _authorization } };
        using var answer = await _tunnel.Client.SendAsync(request, cancellationToken);
        var call = $"{method} {path.Split('?')[0]}";
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (JsonException exception)
        {
            throw new HaClusterException(
                FailureKind.NotUnderstood, call, Program, $"its answer (HTTP {(int)answer.StatusCode}) is not JSON", $"Check that {LedgerWire.Target} is the ledger", exception)
            { Status = (int)answer.StatusCode };
        }

        if (answer.IsSuccessStatusCode)
            return json;
        using (json)
            throw Refusal(answer.StatusCode, call, stream, json.RootElement.Str("detail"));
    }

    private static HaClusterException Refusal(HttpStatusCode status, string call, string stream, string detail)
    {
        var (kind, advice) = status switch
        {
            HttpStatusCode.Unauthorized => (FailureKind.CredentialsExpired, "Use a token that the file of producers has; ledger token NAME --reads STREAM creates one"),
            HttpStatusCode.Forbidden => (FailureKind.PermissionDenied, $"Add {stream} to \"reads\" of its entry in the file of producers"),
            HttpStatusCode.NotFound => (FailureKind.NotFound, "Get-HaLedger lists the streams"),
            HttpStatusCode.BadRequest => (FailureKind.InvalidInput, "Correct the request"),
            >= HttpStatusCode.InternalServerError => (FailureKind.ServerFailed, "Try again; if the problem persists, check Get-HaLedger and the logs of the pods"),
            _ => (FailureKind.Rejected, "Check the logs of the pods"),
        };
        return new HaClusterException(kind, call, $"stream {stream}", detail.Length > 0 ? detail : $"HTTP {(int)status}", advice) { Status = (int)status };
    }

    private static LedgerVerification VerificationOf(JsonElement json)
    {
        var finding = json.Object("finding");
        return new LedgerVerification(
            json.GetProperty("records").GetInt64(), json.TryGetProperty("endedAt", out _) ? json.Time("endedAt") : null,
            json.Str("state") switch
            {
                "broken" => $"{finding.Str("breach")}{(finding.TryGetProperty("sequence", out var at) ? $" at record {at}" : "")} in {finding.Str("object")}: {finding.Str("message")}",
                "interrupted" => $"the archive could not be read to its end: {json.Str("problem")}",
                _ => "",
            });
    }

    private static LedgerRecord RecordOf(JsonElement json) => new(
        json.Str("stream"), json.GetProperty("sequence").GetInt64(), json.Str("id"), json.Str("producer"), json.Time("at"),
        json.TryGetProperty("time", out _) ? json.Time("time") : null,
        json.TryGetProperty("producerSequence", out var own) ? own.GetInt64() : null,
        MembersOf(json.GetProperty("data")), json.GetProperty("data").GetRawText(), json.Str("hash"));

    private static Dictionary<string, object?> MembersOf(JsonElement json) => json.EnumerateObject().ToDictionary(member => member.Name, member => ValueOf(member.Value), StringComparer.Ordinal);

    private static object? ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => MembersOf(json),
        JsonValueKind.Array => json.EnumerateArray().Select(ValueOf).ToArray(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
