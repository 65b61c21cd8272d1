using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Numerics;
using System.Text;
using System.Text.Json;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Payments;

/// <summary>
/// The payments service of a cluster (infra/Services/Payments) as an operator asks it: HTTPS through a port-forward to one of its pods, with a key of its API. What it changes is in the service's own events,
/// with the name of the key.
/// </summary>
public sealed class PaymentsClient : IDisposable
{
    /// <summary>As infra/Stack/Payments declares them.</summary>
    private const string Namespace = "payments", OperatorSecret = "payments-operator", OperatorKey = "key";

    private const int PageSize = 200;

    private static readonly TunnelTarget Target = new(Namespace, "payments", "https", "payments-tls");

    private readonly PodTunnel _tunnel;

    private PaymentsClient(PodTunnel tunnel, string key)
    {
        _tunnel = tunnel;
        tunnel.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <param name="key">Of the API; null: the administrator's, which the cluster keeps.</param>
    /// <exception cref="HaClusterException">The cluster has no payments service that can be reached, or no key.</exception>
    public static async Task<PaymentsClient> OpenAsync(IKubernetesApi api, string? key, CancellationToken cancellationToken)
    {
        var tunnel = await PodTunnel.OpenAsync(api, Target, cancellationToken);
        try
        {
            return new PaymentsClient(tunnel, key ?? await ReadOperatorKeyAsync(api, cancellationToken));
        }
        catch
        {
            tunnel.Dispose();
            throw;
        }
    }

    public async Task<IReadOnlyList<WalletStatus>> ReadWalletsAsync(CancellationToken cancellationToken)
    {
        var wallets = new List<WalletStatus>();
        await foreach (var wallet in PagesAsync("/v1/wallets?", "wallets", cancellationToken))
            wallets.Add(await ReadWalletAsync(TextOf(wallet, "id"), cancellationToken));
        return wallets;
    }

    /// <param name="wallet">Id of a wallet; null: of all.</param>
    /// <param name="state">Null: in any state.</param>
    /// <param name="most">The newest so many.</param>
    public async Task<IReadOnlyList<TransferStatus>> ReadTransfersAsync(string? wallet, string? state, int most, CancellationToken cancellationToken)
    {
        var query = new StringBuilder("/v1/transfers?");
        if (wallet is not null)
            query.Append(CultureInfo.InvariantCulture, $"wallet={Uri.EscapeDataString(wallet)}&");
        if (state is not null)
            query.Append(CultureInfo.InvariantCulture, $"state={Uri.EscapeDataString(state)}&");
        var transfers = new List<TransferStatus>();
        await foreach (var transfer in PagesAsync(query.ToString(), "transfers", cancellationToken))
        {
            transfers.Add(TransferOf(transfer));
            if (transfers.Count == most)
                break;
        }

        return transfers;
    }

    public async Task<TransferStatus> ReadTransferAsync(string id, CancellationToken cancellationToken) =>
        TransferOf(await SendAsync(HttpMethod.Get, $"/v1/transfers/{Uri.EscapeDataString(id)}", null, cancellationToken));

    /// <summary>The transfer afterwards: more approvals may be needed.</summary>
    public async Task<TransferStatus> ApproveAsync(string id, CancellationToken cancellationToken) =>
        TransferOf(await SendAsync(HttpMethod.Post, $"/v1/transfers/{Uri.EscapeDataString(id)}/approve", new { }, cancellationToken));

    public async Task<WalletStatus> SuspendForwardingAsync(string wallet, string reason, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Post, $"/v1/wallets/{Uri.EscapeDataString(wallet)}/forwarding/suspend", new { reason }, cancellationToken);
        return await ReadWalletAsync(wallet, cancellationToken);
    }

    public async Task<WalletStatus> ResumeForwardingAsync(string wallet, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Post, $"/v1/wallets/{Uri.EscapeDataString(wallet)}/forwarding/resume", new { }, cancellationToken);
        return await ReadWalletAsync(wallet, cancellationToken);
    }

    public void Dispose() => _tunnel.Dispose();

    private static async Task<string> ReadOperatorKeyAsync(IKubernetesApi api, CancellationToken cancellationToken)
    {
        var secret = await api.FindAsync(Kinds.Secrets, Namespace, OperatorSecret, cancellationToken);
        return secret?.Data?.TryGetValue(OperatorKey, out var key) == true && key.Length > 0 ? Encoding.ASCII.GetString(key) : throw new HaClusterException(
            FailureKind.CredentialsMissing, "get secrets", $"Secret {Namespace}/{OperatorSecret}", "the cluster keeps no key there", "Give a key of your own: -Key, or the environment variable HA_PAYMENTS_KEY");
    }

    private async Task<WalletStatus> ReadWalletAsync(string id, CancellationToken cancellationToken)
    {
        var path = $"/v1/wallets/{Uri.EscapeDataString(id)}";
        var wallet = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        JsonElement? rule;
        try
        {
            rule = await SendAsync(HttpMethod.Get, $"{path}/forwarding", null, cancellationToken);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            rule = null;
        }

        return new WalletStatus(
            TextOf(wallet, "id"),
            TextOf(wallet, "name"),
            TextOf(wallet, "chain"),
            OptionalOf(wallet, "sender"),
            [.. wallet.GetProperty("balances").EnumerateObject().Select(asset => new WalletBalance(asset.Name, AmountOf(asset.Value, "available"), AmountOf(asset.Value, "reserved")))],
            rule is not { } found ? ForwardingState.Off : found.GetProperty("suspended").GetBoolean() ? ForwardingState.Suspended : ForwardingState.On,
            rule is { } of ? OptionalOf(of, "suspendedReason") : null);
    }

    private static TransferStatus TransferOf(JsonElement transfer) => new(
        TextOf(transfer, "id"),
        TextOf(transfer, "wallet"),
        TextOf(transfer, "asset"),
        AmountOf(transfer, "amount"),
        TextOf(transfer, "destination"),
        TextOf(transfer, "state"),
        transfer.GetProperty("confirmations").GetInt64(),
        transfer.GetProperty("approvalsNeeded").GetInt64(),
        transfer.TryGetProperty("approvals", out var approvals) ? [.. approvals.EnumerateArray().Select(approval => approval.GetString()!)] : null,
        OptionalOf(transfer, "txid"),
        OptionalOf(transfer, "reason"),
        TextOf(transfer, "createdBy"),
        transfer.GetProperty("createdAt").GetDateTimeOffset(),
        transfer.GetProperty("updatedAt").GetDateTimeOffset());

    private static string TextOf(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static string? OptionalOf(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static BigInteger AmountOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? BigInteger.Parse(value.GetString()!, CultureInfo.InvariantCulture) : BigInteger.Zero;

    private async IAsyncEnumerable<JsonElement> PagesAsync(string path, string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await SendAsync(HttpMethod.Get, $"{path}limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", null, cancellationToken);
            foreach (var item in page.GetProperty(name).EnumerateArray())
                yield return item;
            cursor = OptionalOf(page, "next");
            if (cursor is null)
                yield break;
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await _tunnel.Client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var call = $"{method} {path.Split('?')[0]}";
        try
        {
            using var document = JsonDocument.Parse(text);
            return answer.IsSuccessStatusCode ? document.RootElement.Clone() : throw Refused(call, answer.StatusCode, OptionalOf(document.RootElement, "detail"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw answer.IsSuccessStatusCode
                ? new HaClusterException(FailureKind.NotUnderstood, call, $"{Target}", "its answer is not JSON", "Check that the module and the service have the same version", exception)
                : Refused(call, answer.StatusCode, null);
        }
    }

    private static HaClusterException Refused(string call, HttpStatusCode status, string? detail)
    {
        var (kind, advice) = status switch
        {
            HttpStatusCode.Unauthorized => (FailureKind.CredentialsExpired, "Give a key that is not revoked: -Key, or the environment variable HA_PAYMENTS_KEY"),
            HttpStatusCode.Forbidden => (FailureKind.PermissionDenied, "The service decides by the scopes of the key, the policy of the wallet and who asked: examples/runbooks/payments"),
            HttpStatusCode.NotFound => (FailureKind.NotFound, "Get-HaWallet and Get-HaTransfer list them"),
            HttpStatusCode.Conflict => (FailureKind.Conflict, "Check its current state: Get-HaTransfer, Get-HaWallet"),
            HttpStatusCode.TooManyRequests => (FailureKind.Throttled, "Wait, then try again"),
            >= HttpStatusCode.InternalServerError => (FailureKind.ServerFailed, "Try again; if the problem persists, see examples/runbooks/alerts/PaymentsStoreFails.md"),
            _ => (FailureKind.Rejected, "Correct the request"),
        };
        return new HaClusterException(kind, call, $"{Target}", detail?.TrimEnd('.') ?? $"it answered {(int)status}", advice);
    }
}
